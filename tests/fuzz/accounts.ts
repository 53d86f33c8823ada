import { vi } from 'vitest';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import type { Target } from '../attack/target.ts';

/** What became of messages: rows of readings, readings left out and counted, messages set aside. */
export interface Account {
	readonly stored: number;
	readonly dropped: number;
	readonly parked: number;
}

/**
 * Reads what became of the messages of some devices. Good devices have nothing dropped or parked, so that the counters
 * of the whole server are theirs.
 */
export async function readAccount(
	target: Target,
	devices: readonly RegisteredDevice[],
): Promise<Account> {
	const [row] = await target.query<{ stored: number }>(
		'select count(*)::int as stored from readings where device_no = any($1)',
		[devices.map(({ deviceNo }) => deviceNo)],
	);
	return {
		stored: row?.stored ?? 0,
		// What makes room for a newer one was accounted for when it was set aside.
		dropped:
			(await target.metric('readings_dropped_total')) -
			(await target.metric('readings_dropped_total\\{reason="parked_crowded_out"\\}')),
		parked: await target.metric('device_messages_parked_total'),
	};
}

/** What became of the messages that something sends. */
export async function accountOf<Answer>(
	target: Target,
	devices: readonly RegisteredDevice[],
	send: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly account: Account }> {
	const before = await readAccount(target, devices);
	const answer = await send();
	const after = await readAccount(target, devices);
	const account = {
		stored: after.stored - before.stored,
		dropped: after.dropped - before.dropped,
		parked: after.parked - before.parked,
	};
	return { answer, account };
}

/** Resolves when nothing is on its way any more that those who sent it do not wait for. */
export async function settled(target: Target, connections: number): Promise<void> {
	await vi.waitFor(
		async () => {
			if ((await target.metric('mqtt_connections')) > connections)
				throw new Error('Connections that were given up are still counted.');
		},
		{ timeout: 60_000, interval: 50 },
	);
}
