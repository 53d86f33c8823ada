import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { noteServerTime } from '#web/clock/server-clock.ts';
import { listCommands, showSettings } from '../contract.ts';

/** One page of what a device was told to do. */
export function commandsQuery(deviceId: string, page: number) {
	return queryOptions({
		queryKey: ['commands', deviceId, page],
		queryFn: async ({ signal }) => {
			const reply = await call(listCommands, { params: { deviceId }, query: { page } }, signal);
			noteServerTime(reply.asOfMs);
			return reply;
		},
		placeholderData: keepPreviousData,
	});
}

const settingsEveryMs = 15_000;

/** The settings that a device has. */
export function settingsQuery(deviceId: string) {
	return queryOptions({
		queryKey: ['commands', deviceId, 'settings'],
		queryFn: async ({ signal }) => {
			const { settings, asOfMs } = await call(showSettings, { params: { deviceId } }, signal);
			noteServerTime(asOfMs);
			return settings;
		},
		refetchInterval: settingsEveryMs,
	});
}
