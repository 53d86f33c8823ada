import { IconArchive } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { listParked } from '../contract.ts';
import { offerText } from './offer-text.ts';

/** What could not be read or stored. */
export const parkedPages: readonly ShellPage[] = [
	{
		path: paths.parked,
		title: offerText('parked'),
		icon: IconArchive,
		section: 'admin',
		admits: listParked.admits,
		load: () => import('./parked-page.tsx'),
	},
];
