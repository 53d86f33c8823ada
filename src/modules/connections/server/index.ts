import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import type { EdgeObserver } from '#ingest/edge/observer.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { LiveHub } from '#live/hub.ts';
import { countParkedOf } from '#modules/parked/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import type { Log } from '#platform/log.ts';
import { waitAtMost } from '#platform/patience.ts';
import { deviceTailTopic, listConnections } from '../contract.ts';
import { ConnectionLog } from './connection-log.ts';
import { connectionHistory } from './history.ts';
import { MessageRates } from './message-rates.ts';
import { type Note, Notes } from './notes.ts';
import {
	dropOldConnections,
	endLeftOpen,
	noteAlive,
	readConnectedDevice,
	readConnections,
} from './store.ts';
import { Tails } from './tails.ts';
import { isVisible, visibleConnections, visibleCounts } from './visible.ts';

/** How often connections are written. */
const writeEveryMs = 5_000;
const sweepEveryMs = 5 * 60_000;
/** Without a database the next start ends what is left open. */
const stopPatienceMs = 2_000;

export interface ConnectionsOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly clock: Clock;
	readonly log: Log;
}

export interface Connections {
	/** Told by the edges. */
	readonly observer: EdgeObserver;
	serve(app: FastifyInstance, hub: LiveHub): void;
	/** Ends what a killed server left open; before the edges listen. */
	start(): Promise<void>;
	/** A device belongs to others now: what it said before is not for them. */
	changedHands(deviceNo: number): void;
	/** Sends what has gathered to those who follow a device. */
	flush(): void;
	/** Daily upkeep: old connections are forgotten. */
	maintain(): Promise<void>;
	/** Writes what is not written yet; after the edges have closed. */
	stop(): Promise<void>;
}

/** What devices' connections do: their history, how much comes over them, and the messages themselves for who follows. */
export function createConnections(options: ConnectionsOptions): Connections {
	const { database, index, clock, log } = options;
	const connections = new ConnectionLog(database, log);
	const rates = new MessageRates();
	const limits = new Notes();
	const refusals = new Notes();
	const tails = new Tails(clock);
	let timers: NodeJS.Timeout[] = [];

	return {
		observer: {
			connected: (connection) => connections.connected(connection),
			disconnected: (connection) => connections.disconnected(connection),
			received(message) {
				connections.received(message);
				rates.count(message.deviceNo, message.atMs);
				tails.received(message);
			},
			limited: ({ deviceNo, limit, atMs }) => limits.put(deviceNo, { what: limit, atMs }),
			refused({ deviceNo, reason, atMs }) {
				if (deviceNo !== null) refusals.put(deviceNo, { what: reason, atMs });
			},
		},
		serve(app, hub) {
			serve(app, listConnections, async ({ params, principal: { scope } }) => {
				const device = await readConnectedDevice(database, scope, params.deviceId);
				if (device === undefined) throw fault('not_found', { thing: 'device' });
				const { deviceNo, isClockWrong, periods } = device;
				const stored = await readConnections(database, deviceNo);
				const asOfMs = clock();
				const seen = (note: Note | null) =>
					note !== null && isVisible(periods, note.atMs) ? note : null;
				return {
					connections: visibleConnections(
						connectionHistory(stored, connections.known(deviceNo)),
						periods,
					),
					messageCounts: visibleCounts(rates.series(deviceNo, asOfMs), periods, asOfMs),
					lastLimit: seen(limits.of(deviceNo)),
					lastRefusal: seen(refusals.of(deviceNo)),
					isClockWrong,
					parked: await countParkedOf(database, scope, deviceNo),
					asOfMs,
				};
			});
			hub.serve(deviceTailTopic, ({ principal: { scope }, params: { deviceNo }, send }) => {
				// Asked each time: the device may leave the reader's scope.
				const isMine = () => index.isInScope(scope, deviceNo);
				if (!isMine()) throw fault('not_found', { thing: 'device' });
				const close = tails.follow(deviceNo, (messages) => {
					if (isMine()) send({ messages: [...messages] });
				});
				return { close };
			});
		},
		async start() {
			await endLeftOpen(database);
			await noteAlive(database, clock());
			timers = [
				setInterval(() => void connections.write(clock()), writeEveryMs),
				setInterval(() => rates.sweep(clock()), sweepEveryMs),
			];
		},
		changedHands: (deviceNo) => tails.forget(deviceNo),
		flush: () => tails.flush(),
		maintain: () => dropOldConnections(database, clock()),
		async stop() {
			for (const timer of timers) clearInterval(timer);
			await waitAtMost(stopPatienceMs, connections.write(clock()));
		},
	};
}
