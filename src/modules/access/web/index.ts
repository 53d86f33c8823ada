import { IconLogin2, IconUserCog } from '@tabler/icons-react';
import { lazy } from 'react';
import { roles } from '#contract/roles.ts';
import { paths } from '#web/links.ts';
import type { DetailPage, EntrancePage, ShellPage } from '#web/page-offer.ts';
import { activatePath, resetPasswordPath, showSignInProvider } from '../contract.ts';
import { offerText } from './offer-text.ts';

export { signOut } from './credentials.ts';

/** Stands instead of the pages while a required second factor is not set up. */
export const SecondFactorGate = lazy(() => import('./account/second-factor-gate.tsx'));

/** The sign-in page and those that lead to a password, before anybody is signed in. */
export const accessEntrances: readonly EntrancePage[] = [
	{ path: '/sign-in', load: () => import('./sign-in-page.tsx') },
	{ path: paths.forgotPassword, load: () => import('./forgot-password-page.tsx') },
	{ path: resetPasswordPath, load: () => import('./reset-password-page.tsx') },
	{ path: activatePath, load: () => import('./activate-page.tsx') },
];

/** One's own account. */
export const accountPages: readonly DetailPage[] = [
	{
		path: paths.account,
		title: offerText('account'),
		icon: IconUserCog,
		admits: roles,
		load: () => import('./account/account-page.tsx'),
	},
];

/** How the organization signs in. */
export const accessPages: readonly ShellPage[] = [
	{
		path: paths.adminSignIn,
		title: offerText('signInSettings'),
		icon: IconLogin2,
		section: 'admin',
		admits: showSignInProvider.admits,
		load: () => import('./provider/provider-page.tsx'),
	},
];
