import { IconBuildingStore, IconUsersGroup } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { customerReaders } from '../contract.ts';
import { offerText } from './offer-text.ts';

/** Where an Admin keeps customers and dealers. */
export const customerPages: readonly ShellPage[] = [
	{
		path: paths.customers,
		title: offerText('customers'),
		icon: IconUsersGroup,
		section: 'admin',
		admits: customerReaders,
		load: () => import('./customers-page.tsx'),
	},
	{
		path: paths.dealers,
		title: offerText('dealers'),
		icon: IconBuildingStore,
		section: 'admin',
		admits: customerReaders,
		load: () => import('./dealers-page.tsx'),
	},
];
