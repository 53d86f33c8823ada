import { IconCpu } from '@tabler/icons-react';
import { type DeviceOffer, factView } from '#web/device-offer.ts';
import { firmwareReported } from '../contract.ts';
import { text } from './text.ts';

/** How a device's history reads what this module keeps of it. */
export const productsDeviceOffer: DeviceOffer = {
	facts: [
		factView(firmwareReported, {
			title: text('firmwareReported'),
			icon: IconCpu,
			sentence: ({ from, to }) =>
				from === null ? text('firmwareFirst', { to }) : text('firmwareChanged', { to, from }),
		}),
	],
};
