import { queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { noteServerTime } from '#web/clock/server-clock.ts';
import { listConnections } from '../contract.ts';

const renewEveryMs = 5_000;

/** How a device is and was connected; renewed while the page is looked at. */
export function connectionsQuery(deviceId: string) {
	return queryOptions({
		queryKey: ['connections', deviceId],
		queryFn: async ({ signal }) => {
			const reply = await call(listConnections, { params: { deviceId } }, signal);
			noteServerTime(reply.asOfMs);
			return reply;
		},
		refetchInterval: renewEveryMs,
	});
}
