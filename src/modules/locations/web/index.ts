import { IconMapPin } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { locationReaders } from '../contract.ts';
import { offerText } from './offer-text.ts';

/** The places by which the fleet is counted. */
export const locationPages: readonly ShellPage[] = [
	{
		path: paths.adminLocations,
		title: offerText('locations'),
		icon: IconMapPin,
		section: 'admin',
		admits: locationReaders,
		load: () => import('./locations-page.tsx'),
	},
];
