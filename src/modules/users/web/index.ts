import { IconUsers } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { userReaders } from '../contract.ts';
import { offerText } from './offer-text.ts';

/** Who belongs to the organization. */
export const userPages: readonly ShellPage[] = [
	{
		path: paths.users,
		title: offerText('users'),
		icon: IconUsers,
		section: 'admin',
		admits: userReaders,
		load: () => import('./users-page.tsx'),
	},
];
