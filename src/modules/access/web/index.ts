import { paths } from '#web/links.ts';
import type { EntrancePage } from '#web/page-offer.ts';
import { activatePath, resetPasswordPath } from '../contract.ts';

export { signOut } from './credentials.ts';

/** The sign-in page and those that lead to a password, before anybody is signed in. */
export const accessEntrances: readonly EntrancePage[] = [
	{ path: '/sign-in', load: () => import('./sign-in-page.tsx') },
	{ path: paths.forgotPassword, load: () => import('./forgot-password-page.tsx') },
	{ path: resetPasswordPath, load: () => import('./reset-password-page.tsx') },
	{ path: activatePath, load: () => import('./activate-page.tsx') },
];
