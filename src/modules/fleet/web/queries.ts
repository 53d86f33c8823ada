import type { EndpointReply } from '#contract/endpoint.ts';
import { call } from '#web/api/call.ts';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import { listFleetFilters, showFleetDevice } from '../contract.ts';

/** One device by its Device ID, wherever in the list it stands. */
export function readDevice(deviceId: string, signal: AbortSignal) {
	return call(showFleetDevice, { params: { deviceId } }, signal);
}

/** Dealers, customers and firmware versions by which the fleet can be filtered. */
function filterOptions(
	optionsOf: (filters: EndpointReply<typeof listFleetFilters>) => readonly FilterOption[],
) {
	return async (customer: string, signal: AbortSignal) =>
		optionsOf(await call(listFleetFilters, { query: { customer } }, signal));
}

export const dealerOptions = filterOptions(({ dealers }) =>
	dealers.map(({ dealerNo, name }) => ({ value: String(dealerNo), label: name })),
);
export const customerOptions = filterOptions(({ customers }) =>
	customers.map(({ customerNo, name }) => ({ value: String(customerNo), label: name })),
);
export const firmwareOptions = filterOptions(({ firmwares }) =>
	firmwares.map((version) => ({ value: version, label: version })),
);
