import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { callForBytes } from '#web/api/call-for-bytes.ts';
import {
	listMapCustomers,
	type MapFilter,
	searchMap,
	showMapDevice,
	showMapRegions,
	showMapSnapshot,
} from '../contract.ts';
import type { FleetClient } from './fleet/fleet-client.ts';

const regionsEveryMs = 10_000;
const deviceEveryMs = 5_000;
const fewestLetters = 2;

/** Reads the whole fleet into the worker; what the cache keeps is only what came of it. */
export function snapshotQuery(fleet: FleetClient | null, filter: MapFilter) {
	return queryOptions({
		queryKey: ['map', 'snapshot', filter],
		queryFn:
			fleet === null
				? skipToken
				: async ({ signal }) => {
						fleet.expectSnapshot();
						return fleet.load(await callForBytes(showMapSnapshot, { query: filter }, signal));
					},
		staleTime: Number.POSITIVE_INFINITY,
		// The worker has one fleet: another filter's is gone with it.
		gcTime: 0,
		placeholderData: keepPreviousData,
	});
}

export function regionsQuery(customerNo: number | undefined) {
	return queryOptions({
		queryKey: ['map', 'regions', customerNo ?? null],
		queryFn: ({ signal }) => call(showMapRegions, { query: { customerNo } }, signal),
		refetchInterval: regionsEveryMs,
		placeholderData: keepPreviousData,
	});
}

export function mapDeviceQuery(deviceNo: number | null) {
	return queryOptions({
		queryKey: ['map', 'device', deviceNo],
		queryFn: ({ signal }) => call(showMapDevice, { params: { deviceNo: deviceNo ?? 0 } }, signal),
		enabled: deviceNo !== null,
		staleTime: deviceEveryMs,
		refetchInterval: deviceEveryMs,
	});
}

export function searchQuery(q: string) {
	return queryOptions({
		queryKey: ['map', 'search', q],
		queryFn: ({ signal }) => call(searchMap, { query: { q } }, signal),
		enabled: q.trim().length >= fewestLetters,
		placeholderData: q === '' ? undefined : keepPreviousData,
	});
}

export function customersQuery(q: string, customerNo: number | null) {
	return queryOptions({
		queryKey: ['map', 'customers', q, customerNo],
		queryFn: ({ signal }) =>
			call(listMapCustomers, { query: { q, customerNo: customerNo ?? undefined } }, signal),
		placeholderData: keepPreviousData,
	});
}
