import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	title: 'Set up',
	heading: 'Set up your command centre',
	intro:
		'This is done once. Everything you enter here belongs to the new organization and its first user.',
	brand: 'Command centre',
	organization: 'Organization',
	organizationName: 'Organization name',
	country: 'Country',
	timeZone: 'Time zone',
	search: 'Type to search',
	noMatch: 'No match',
	you: 'You, the first Super Admin',
	userName: 'Your name',
	email: 'E-mail',
	password: 'Password',
	passwordHint: 'At least {length} characters. A sentence works well.',
	fleet: 'Fleet',
	empty: 'Empty fleet',
	emptyDetail: 'Start with nothing and add your own devices and vehicles.',
	demo: 'Demo fleet',
	demoDetail:
		'Example dealers, customers and vehicles that drive recorded trips, with one user for each role.',
	submit: 'Submit',
	noTokenTitle: 'The setup link is incomplete',
	noTokenDetail:
		'Open the whole link that the server printed when it started, including what follows the #.',
	doneTitle: 'This portal is set up already',
	doneDetail: 'Sign in with the account that was created then.',
	toSignIn: 'Go to sign-in',
	readyTitle: '{name} is ready',
	readyEmpty: 'Sign in with your e-mail and password.',
	readyDemo:
		'These users of the demo fleet have generated passwords. They are shown this once: keep them now if you want to try other roles.',
	role: 'Role',
	passwordOf: 'the password of {email}',
	allUsers: 'all users',
	copyAll: 'Copy all',
});
