import type { Scope } from '#contract/scope.ts';
import type { DeviceFeed } from '#live/device-feed.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { LiveHub } from '#live/hub.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import { deviceFactsTopic, deviceStateTopic } from '../contract.ts';
import type { StateWord } from './device-state.ts';
import { readDevice } from './device-store.ts';

export interface DeviceTopicOptions {
	readonly hub: LiveHub;
	readonly index: FleetIndex;
	readonly feed: DeviceFeed<StateWord>;
	/** Time of each device's newest fact, when it was kept. */
	readonly facts: DeviceFeed<number>;
	readonly database: Database;
	readonly log: Log;
}

/** The device page's live side: a device's state whenever it changes, and word of what happened to it. */
export function serveDeviceTopics(options: DeviceTopicOptions): void {
	const { hub, index, feed, facts, database, log } = options;

	/** The feed has no word of a device that changed by silence alone. */
	async function wordOf(scope: Scope, deviceNo: number): Promise<StateWord | undefined> {
		return feed.latest(deviceNo) ?? (await readDevice(database, scope, { deviceNo }))?.state;
	}

	hub.serve(deviceStateTopic, ({ principal: { scope }, params: { deviceNo }, send }) => {
		const sendState = async (): Promise<void> => {
			const isMine = () => index.isInScope(scope, deviceNo);
			if (!isMine()) return;
			const word = await wordOf(scope, deviceNo);
			if (word !== undefined && isMine()) send({ ...word, status: index.status(deviceNo) });
		};
		const unwatch = feed.watch({
			deviceNos: index.isInScope(scope, deviceNo) ? [deviceNo] : [],
			onChanged: () =>
				void sendState().catch((error: unknown) =>
					log.warn({ err: error }, 'a device’s state could not be read'),
				),
		});
		// What changed between the page's own reading and now would be missed otherwise.
		feed.touch(deviceNo);
		return { close: unwatch };
	});

	hub.serve(deviceFactsTopic, ({ principal: { scope }, params: { deviceNo }, send }) => {
		const isMine = () => index.isInScope(scope, deviceNo);
		const unwatch = facts.watch({
			deviceNos: isMine() ? [deviceNo] : [],
			onChanged: () => {
				const newestAtMs = facts.latest(deviceNo);
				if (newestAtMs !== undefined && isMine()) send({ newestAtMs });
			},
		});
		return { close: unwatch };
	});
}
