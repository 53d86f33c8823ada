import { lazy } from 'react';
import type { DeviceOffer } from '#web/device-offer.ts';
import { listConnections } from '../contract.ts';
import { text } from './text.ts';

/** What this module adds to the device page. */
export const connectionsDeviceOffer: DeviceOffer = {
	tabs: [
		{
			key: 'connection',
			title: text('connection'),
			admits: listConnections.admits,
			component: lazy(() => import('./connection-tab.tsx')),
		},
	],
};
