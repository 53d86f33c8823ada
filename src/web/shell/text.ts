import { catalogue } from '#web/text/catalogue.ts';

export const text = catalogue({
	skip: 'Skip to the page',
	navigation: 'Pages',
	widen: 'Show names',
	narrow: 'Hide names',
	more: 'More',
	accountOf: 'Account of {name}',
	toDark: 'Switch to dark',
	toLight: 'Switch to light',
	signOut: 'Sign out',
	signOutFailed: 'You are still signed in. {reason}',
	close: 'Close',
	loading: 'Loading',
	lostFeed: 'Connection to the server is lost; showing what was known at {clock}. Trying again…',
	lostFeedAtOnce: 'No connection to the live feed yet. Trying again…',
	databaseDown:
		'The database does not answer; showing what was known at {clock}. This page recovers by itself.',
	noPageTitle: 'No page is open to your role yet',
	noPageDetail:
		'You are signed in as {role}. The pages of this role are not part of the portal yet; ask your administrator when they will be.',
	notPermittedTitle: 'This page is not open to your role',
	notPermittedDetail: 'You are signed in as {role}. Ask your administrator if you need it.',
	notFoundTitle: 'There is no such page',
	notFoundDetail: 'The address {path} leads nowhere in this portal.',
	toHome: 'Go to the first page',
	brokenTitle: 'This page stopped working',
	brokenDetail: 'Load it again. If it happens once more, tell your administrator: {cause}',
	reload: 'Load again',
	noAccessTitle: 'You have no access here',
	unavailableTitle: 'The portal does not answer',
	unavailableDetail: 'This page tries again by itself every few seconds.',
});
