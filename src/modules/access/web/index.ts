import type { EntrancePage } from '#web/page-offer.ts';

export { signOut } from './credentials.ts';

/** The sign-in page, before anybody is signed in. */
export const accessEntrances: readonly EntrancePage[] = [
	{ path: '/sign-in', load: () => import('./sign-in-page.tsx') },
];
