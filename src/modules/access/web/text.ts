import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	title: 'Sign in',
	welcome: 'Sign in to {name}',
	email: 'E-mail',
	password: 'Password',
	submit: 'Sign in',
	emailMissing: 'Enter your e-mail address.',
	passwordMissing: 'Enter your password.',
	wrongCredentials: 'This e-mail and password do not match. Check both and try again.',
	tooManyAttempts: 'Too many attempts. Wait a moment and try again.',
	tooManyAttemptsFor: 'Too many attempts. Try again in {seconds} s.',
	addressRefused:
		'The server does not accept sign-ins from this address. Open the portal at its own address, or ask your administrator to set PUBLIC_URL to this one.',
	needsSetup: 'Nobody can sign in yet',
	needsSetupDetail:
		'This portal has no organization. Open the one-time setup link that the server printed when it started.',
});
