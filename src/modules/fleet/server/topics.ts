import { type Belonging, belongsAlike, isInScope, type Scope } from '#contract/scope.ts';
import type { StatusCounts } from '#contract/status.ts';
import type { DeviceFeed } from '#live/device-feed.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { LiveHub } from '#live/hub.ts';
import type { Log } from '#platform/log.ts';
import {
	type DeviceLive,
	deviceLiveSchema,
	fleetCountsTopic,
	fleetRowsTopic,
} from '../contract.ts';

/** What the feed keeps of a watched device; the status comes from the index, since silence changes it, too. */
export type DeviceWord = Omit<DeviceLive, 'status'>;

export interface FleetTopicOptions {
	readonly hub: LiveHub;
	readonly index: FleetIndex;
	readonly feed: DeviceFeed<DeviceWord>;
	readonly log: Log;
	/** Reads devices that changed by silence alone, so that the feed has no newer word of them. */
	readDevices(scope: Scope, deviceNos: readonly number[]): Promise<readonly DeviceLive[]>;
}

/** The console's live side: rows that change in place, and status counts. @returns called at each flush of the hub */
export function serveFleetTopics(options: FleetTopicOptions): { flush(): void } {
	const { hub, index, feed } = options;
	const countWatchers = new Set<{ scope: Scope; last: string; send(counts: StatusCounts): void }>();

	hub.serve(fleetRowsTopic, ({ principal, params, send }) => {
		const { scope } = principal;
		const deviceNos = params.deviceNos.filter((deviceNo) => index.isInScope(scope, deviceNo));
		const belongings = new Map(
			deviceNos.map((deviceNo) => [deviceNo, index.belonging(deviceNo)] as const),
		);
		const isMine = (deviceNo: number, belonging: Belonging | null) =>
			belonging !== null && isInScope(scope, deviceNo, belonging);
		const takeMoved = (changed: readonly number[]): number[] =>
			changed.filter((deviceNo) => {
				const before = belongings.get(deviceNo) ?? null;
				const now = index.belonging(deviceNo);
				belongings.set(deviceNo, now);
				// To whom it goes from those who have it since is not for who had it before them.
				const isTold = isMine(deviceNo, before) || isMine(deviceNo, now);
				return isTold && !belongsAlike(before, now);
			});
		const sendChanged = async (changed: readonly number[]): Promise<void> => {
			const moved = takeMoved(changed);
			const rows: DeviceLive[] = [];
			const unread: number[] = [];
			for (const deviceNo of changed) {
				if (!index.isInScope(scope, deviceNo)) continue;
				const word = feed.latest(deviceNo);
				if (word === undefined) unread.push(deviceNo);
				else rows.push({ ...word, status: index.status(deviceNo) });
			}
			if (unread.length > 0)
				for (const row of await options.readDevices(scope, unread))
					rows.push(deviceLiveSchema.parse(row));
			// Some may have left the reader's scope while others were read.
			const own = rows.filter(({ deviceNo }) => index.isInScope(scope, deviceNo));
			if (own.length > 0 || moved.length > 0) send({ rows: own, moved });
		};
		const unwatch = feed.watch({
			deviceNos,
			onChanged: (changed) =>
				void sendChanged(changed).catch((error: unknown) =>
					options.log.warn({ err: error }, 'changed rows could not be read'),
				),
		});
		// What changed between the page's own reading and now would be missed otherwise.
		for (const deviceNo of deviceNos) feed.touch(deviceNo);
		return { close: unwatch };
	});

	hub.serve(fleetCountsTopic, ({ principal, send }) => {
		const watcher = {
			scope: principal.scope,
			last: '',
			send: (counts: StatusCounts) => send({ counts }),
		};
		countWatchers.add(watcher);
		return { close: () => countWatchers.delete(watcher) };
	});

	return {
		flush() {
			feed.flush();
			for (const watcher of countWatchers) {
				const counts = index.counts(watcher.scope);
				const text = JSON.stringify(counts);
				if (text === watcher.last) continue;
				watcher.last = text;
				watcher.send(counts);
			}
		},
	};
}
