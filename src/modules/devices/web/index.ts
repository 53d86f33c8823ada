import { fleetReaders } from '#contract/roles.ts';
import { paths } from '#web/links.ts';
import type { DetailPage } from '#web/page-offer.ts';
import { offerText } from './offer-text.ts';

/** The page of one device. */
export const devicePages: readonly DetailPage[] = [
	{
		path: paths.device,
		title: offerText('device'),
		admits: fleetReaders,
		load: () => import('./device-page.tsx'),
	},
];
