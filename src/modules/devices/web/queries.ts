import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { noteServerTime, serverNowMs } from '#web/clock/server-clock.ts';
import {
	listDeviceFacts,
	type SeriesReply,
	showDevice,
	showDeviceHealth,
	showDeviceSeries,
	showDeviceTrack,
} from '../contract.ts';
import { type DeviceAddress, spansMs } from './device-address.ts';

const healthEveryMs = 30_000;
const historyEveryMs = 60_000;
const factsEveryMs = 30_000;
const factsPerPage = 10;
const firstPage: number | undefined = undefined;

export function deviceQuery(deviceId: string) {
	return queryOptions({
		queryKey: ['devices', deviceId, 'details'],
		queryFn: async ({ signal }) => {
			const { device, asOfMs } = await call(showDevice, { params: { deviceId } }, signal);
			noteServerTime(asOfMs);
			return device;
		},
	});
}

export function healthQuery(deviceId: string) {
	return queryOptions({
		queryKey: ['devices', deviceId, 'health'],
		queryFn: ({ signal }) => call(showDeviceHealth, { params: { deviceId } }, signal),
		refetchInterval: healthEveryMs,
	});
}

/** What was read of a device's history, and of which time. */
export interface History extends SeriesReply {
	readonly fromMs: number;
	readonly toMs: number;
}

/** Charts of a range, or of a span that ends now. `points` is their width. */
export function historyQuery(
	deviceId: string,
	{ span, range }: Pick<DeviceAddress, 'span' | 'range'>,
	fields: readonly string[],
	points: number,
) {
	return queryOptions({
		queryKey: ['devices', deviceId, 'series', range ?? span, fields, points],
		queryFn: async ({ signal }): Promise<History> => {
			const toMs = range?.toMs ?? serverNowMs();
			const fromMs = range?.fromMs ?? toMs - spansMs[span];
			const query = {
				from: Math.floor(fromMs),
				// The end is excluded, what was said right now is not.
				to: Math.ceil(toMs) + 1,
				fields: fields.join(','),
				points,
			};
			const reply = await call(showDeviceSeries, { params: { deviceId }, query }, signal);
			return { ...reply, fromMs, toMs };
		},
		placeholderData: keepPreviousData,
		refetchInterval: range === null ? historyEveryMs : false,
	});
}

export function factsQuery(deviceId: string) {
	return infiniteQueryOptions({
		queryKey: ['devices', deviceId, 'facts'],
		queryFn: ({ signal, pageParam }) =>
			call(
				listDeviceFacts,
				{ params: { deviceId }, query: { before: pageParam, limit: factsPerPage } },
				signal,
			),
		initialPageParam: firstPage,
		getNextPageParam: ({ facts, hasMore }) => (hasMore ? facts.at(-1)?.factNo : undefined),
		refetchInterval: factsEveryMs,
	});
}

export function trackQuery(deviceId: string, day: string) {
	return queryOptions({
		queryKey: ['devices', deviceId, 'track', day],
		queryFn: ({ signal }) =>
			call(showDeviceTrack, { params: { deviceId }, query: { day } }, signal),
		placeholderData: keepPreviousData,
	});
}
