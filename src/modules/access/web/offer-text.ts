import { catalogue } from '#web/text/catalogue.ts';

/** What the shell says of this module before any of its pages is loaded. */
export const offerText = catalogue({
	account: 'Account',
	signInSettings: 'Sign-in',
});
