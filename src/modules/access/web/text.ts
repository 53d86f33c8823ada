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
	forgot: 'Forgot password?',

	forgotTitle: 'Forgot password',
	forgotIntro: 'Enter your e-mail address. You will get a link by which you choose a new password.',
	forgotSubmit: 'Send link',
	backToSignIn: 'Back to sign-in',
	askedTitle: 'Look into your mails',
	askedDetail:
		'If {email} has an account here, a link is on its way. It works for one hour. Without a mail in a few minutes, look among the spam, or ask your administrator whether you have an account.',
	tooManyRequestsFor: 'Too many requests. Try again in {minutes} min.',

	resetTitle: 'Choose a new password',
	resetIntro: 'You will be signed out everywhere.',
	resetSubmit: 'Reset password',
	resetDone: 'Your password was reset. Sign in with the new one.',

	activateTitle: 'Choose your password',
	activateIntro: 'Then your account at {name} is activated.',
	activateSubmit: 'Activate account',
	activateDone: 'Your account is activated. Sign in with your password.',

	newPassword: 'New password',
	passwordHint: 'At least {length} characters. A sentence works well; spaces are fine.',
	checkingLink: 'Checking the link',
	linkEnded: 'This link does not work',
	linkUnread: 'The link could not be checked',
	askAgain: 'Ask for a new link',
	toSignIn: 'Sign in',
});
