import { IconCpu, IconCpu2 } from '@tabler/icons-react';
import { type DeviceOffer, factView } from '#web/device-offer.ts';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { deviceRegistryReaders, firmwareReported } from '../contract.ts';
import { offerText } from './offer-text.ts';

/** How a device's history reads what this module keeps of it. */
export const productsDeviceOffer: DeviceOffer = {
	facts: [
		factView(firmwareReported, {
			title: offerText('firmwareReported'),
			icon: IconCpu,
			sentence: ({ from, to }) =>
				from === null
					? offerText('firmwareFirst', { to })
					: offerText('firmwareChanged', { to, from }),
		}),
	],
};

/** Where an Admin keeps devices. */
export const productPages: readonly ShellPage[] = [
	{
		path: paths.adminDevices,
		title: offerText('devices'),
		icon: IconCpu2,
		section: 'admin',
		admits: deviceRegistryReaders,
		load: () => import('./devices-page.tsx'),
	},
];
