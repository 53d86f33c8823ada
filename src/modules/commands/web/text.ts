import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	commands: 'Commands',
	confirmTitle: '{command}: confirm the device',
	confirmFate:
		'It is handed to the device within {seconds} s or not at all, and is recorded in the audit log.',
	deviceId: 'Device ID',
	vin: 'VIN No',
	name: 'Name',
	customer: 'Customer',
	place: 'Place',
	none: '—',
	sentToast: '{command} was handed to {device}.',
	waitingToast:
		'{device} is not connected. {command} waits for it for {seconds} s and is then given up.',

	waiting: 'Waiting',
	sent: 'Sent',
	accepted: 'Accepted',
	done: 'Done',
	refused: 'Refused',
	failed: 'Failed',
	timedOut: 'Timed out',
	expired: 'Expired',

	waitingDetail: 'The device is not connected. Given up in {seconds} s.',
	sentDetail: 'No answer yet. Times out in {seconds} s.',
	acceptedDetail: 'The device is at it. Times out in {seconds} s.',
	timedOutDetail: 'The device did not answer in time. It may have done it or not.',
	expiredDetail: 'The device did not connect in time. It was never handed over and never will be.',
	reasonDetail: 'The device says: {reason}',
	lateDetail: 'The device answered too late: {status}.',
	lateDetailWithReason: 'The device answered too late: {status}. It says: {reason}',

	trace: 'What happened',
	askedBy: 'Asked for by {who}',
	stepSent: 'Handed over',
	stepArrived: 'Received',
	stepAccepted: 'Accepted',
	stepLate: '{status}, too late',
	after: '+{seconds} s',

	noCommands: 'This device was not told to do anything yet.',
	older: 'Older',
	newer: 'Newer',
	range: '{from}-{to} of {total}',

	answered: 'Command answered',
	answeredSentence: '{command}: {status}.',
	answeredSentenceWithReason: '{command}: {status}. It says: {reason}',

	unsafe: '{command} is not safe now: {because}.',

	settings: 'Settings',
	change: 'Change',
	unknownSetting: 'Not known',
	reported: 'Reported',
	written: 'Written',
	settingChange: '{before} → {after}',
	withUnit: '{number} {unit}',
	oneSetting: '{setting} {value}',
	settingRange: '{min} to {max}',
	settingsWrote: 'Sets {settings}.',
});
