import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	outbox: 'Outbox',
	created: 'Time',
	recipient: 'Recipient',
	subject: 'Subject',
	state: 'State',
	attempts: 'Attempts',
	error: 'Error',
	mail: 'Mail',
	rowName: '{subject}',
	none: '—',

	anyState: 'All states',
	queued: 'Waiting',
	sent: 'Sent',
	failed: 'Failed',
	kept: 'Kept',
	queuedMeans: 'It is sent as soon as the mail server takes it.',
	sentMeans: 'The mail server took it.',
	failedMeans: 'It was given up.',
	keptMeans: 'No mail server is set, so it was not sent. Hand its link on, or set SMTP_URL.',
	nextAttempt: 'Next attempt',
	ended: 'Since',
	textUntil: 'Text kept until',

	search: 'Search recipient or subject',
	emptyTitle: 'No mails yet',
	emptyDetail:
		'Mails of the last 90 days are listed here: activations, and links to reset a password.',
	noMatchTitle: 'No mail matches',
	faultTitle: 'The outbox could not be read',

	sendAgain: 'Send again',
	sendAgainWhat: '“{subject}” is sent to {recipient} again.',
	sendAgainDone: 'The mail to {recipient} waits to be sent.',

	readText: 'Show the text',
	readTextHint:
		'Its link opens the account of {recipient}. That you read it is kept in the audit log.',
	textGone: 'The text of this mail is gone: it was sent, or what it says has expired.',
	textNotYours:
		'This account reaches further than yours, so only a Super Admin may read its mails. They can be sent again.',
	copyLink: 'Copy link',
	audit: 'Audit entries',
});
