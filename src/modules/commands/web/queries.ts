import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { noteServerTime } from '#web/clock/server-clock.ts';
import { listCommands } from '../contract.ts';

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
