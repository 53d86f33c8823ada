import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { noteServerTime } from '#web/clock/server-clock.ts';
import { listFleet, showFleetDevice } from '../contract.ts';
import type { ConsoleAddress } from './console-address.ts';

/** One page of the console's list. The page before stays on the screen until the next one is here. */
export function fleetPageQuery(address: ConsoleAddress) {
	const { q, status, family, sort, direction, page, pageSize } = address;
	const query = {
		q,
		status: status.join(','),
		family: family ?? undefined,
		sort,
		direction,
		page,
		pageSize,
	};
	return queryOptions({
		queryKey: ['fleet', 'page', query],
		queryFn: async ({ signal }) => {
			const reply = await call(listFleet, { query }, signal);
			noteServerTime(reply.asOfMs);
			return reply;
		},
		placeholderData: keepPreviousData,
	});
}

/** Status counts of a search or family, for which no feed exists. */
export function fleetCountsQuery({ q, family }: ConsoleAddress) {
	const query = { q, family: family ?? undefined, pageSize: 1 };
	return queryOptions({
		queryKey: ['fleet', 'counts', query],
		queryFn: async ({ signal }) => (await call(listFleet, { query }, signal)).counts,
	});
}

/** One device by its Device ID, wherever in the list it stands. */
export function fleetDeviceQuery(deviceId: string) {
	return queryOptions({
		queryKey: ['fleet', 'device', deviceId],
		queryFn: ({ signal }) => call(showFleetDevice, { params: { deviceId } }, signal),
	});
}
