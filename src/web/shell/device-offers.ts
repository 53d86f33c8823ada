import { commandsDeviceOffer } from '#modules/commands/web/index.ts';
import { connectionsDeviceOffer } from '#modules/connections/web/index.ts';
import { productsDeviceOffer } from '#modules/products/web/index.ts';
import type { DeviceOffer } from '#web/device-offer.ts';

/** What modules add to the device page, in the order in which it appears there. */
export const deviceOffers: readonly DeviceOffer[] = [
	commandsDeviceOffer,
	productsDeviceOffer,
	connectionsDeviceOffer,
];
