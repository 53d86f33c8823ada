import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Clock } from '#platform/clock.ts';
import { isUnavailable, sqlState } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import {
	type BatchResult,
	type ChainContext,
	type ChainCounters,
	type KnownBefore,
	parkAlone,
	recogniseBatch,
	runChain,
} from './batch.ts';
import type { DeviceBus } from './bus/port.ts';
import { setBack } from './chain/set-back.ts';
import type { BusEntry, DeviceMessage } from './message.ts';
import type { DeviceFact, Reaction, ResultReaction } from './reaction.ts';
import { isReplayed } from './reading.ts';
import type { Snapshot } from './snapshot.ts';
import type { LaneStore } from './store/commit.ts';
import { dayOf, type ReadingsPartitions } from './store/partitions.ts';

/** Entries a batch takes at most: enough to spread a commit's cost, few enough that its memory stays small. */
export const batchMax = 4_000;
/** Snapshots a lane keeps; beyond, those not used for longest go. */
export const cachedSnapshotsPerLane = 400_000;
/** A batch that failed so often for a reason that will hardly pass is suspected of holding a message at fault. */
const suspectedAfterFailures = 5;

export interface LaneOptions {
	readonly bus: DeviceBus;
	readonly partition: number;
	readonly lingerMs: number;
	readonly store: LaneStore;
	readonly partitions: ReadingsPartitions;
	readonly reactions: readonly Reaction[];
	readonly resultReactions: readonly ResultReaction[];
	readonly retentionMs: number;
	readonly clock: Clock;
	readonly counters: ChainCounters;
	readonly log: Log;
	/** After each commit, with the snapshots that changed and the facts that were found. */
	onCommitted(snapshots: readonly Snapshot[], facts: readonly DeviceFact[]): void;
	/** A device's registration or belonging changed; null: it is gone. */
	onChanged(deviceNo: number, snapshot: Snapshot | null): void;
	/** Ends the attempts at a batch that cannot be committed; its messages stay unacknowledged. */
	readonly signal: AbortSignal;
	/** Null after success, the error after a failure that is tried again. */
	onDatabase(error: unknown): void;
}

/**
 * One partition's worker: keeps each device's order, gathers a batch, runs it through the chain, commits, and only
 * then acknowledges.
 */
export class Lane {
	readonly #options: LaneOptions;
	readonly #snapshots = new Map<number, Snapshot>();
	#running: Promise<void> = Promise.resolve();

	constructor(options: LaneOptions) {
		this.#options = options;
		options.signal.addEventListener('abort', () => options.store.disconnect());
	}

	start(): void {
		this.#running = this.#run();
	}

	/** Resolves when the bus was closed and everything taken from it is settled. */
	async stopped(): Promise<void> {
		await this.#running;
		this.#options.store.disconnect();
	}

	async #run(): Promise<void> {
		try {
			await this.#work();
		} catch (error) {
			if (!this.#options.signal.aborted) throw error;
		}
	}

	async #work(): Promise<void> {
		const { bus, partition, lingerMs } = this.#options;
		for (;;) {
			const entries = await bus.take(partition, batchMax, lingerMs);
			if (entries.length === 0) return;
			await this.#changes(entries);
			const messages: DeviceMessage[] = [];
			for (const entry of entries)
				if (entry.type === 'message' && !entry.message.isAbandoned()) messages.push(entry.message);
			if (messages.length > 0) await this.#process(messages);
		}
	}

	/** Takes notice of changes before the batch's messages: they were committed before these are. */
	async #changes(entries: readonly BusEntry[]): Promise<void> {
		const changes = entries.filter((entry) => entry.type === 'change').map((entry) => entry.change);
		if (changes.length === 0) return;
		const deviceNos = [...new Set(changes.map((change) => change.deviceNo))];
		for (const deviceNo of deviceNos) this.#snapshots.delete(deviceNo);
		const snapshots = await this.#retried(() => this.#options.store.readSnapshots(deviceNos));
		for (const deviceNo of deviceNos)
			this.#options.onChanged(deviceNo, snapshots.get(deviceNo) ?? null);
		for (const change of changes) change.done();
	}

	/**
	 * Commits the messages. Those of one batch that the database or the chain refuses are tried again device by
	 * device, then message by message, until the guilty one is alone and parked.
	 * @param patience failures for a reason that will hardly pass before a message is suspected
	 */
	async #process(
		messages: readonly DeviceMessage[],
		patience = suspectedAfterFailures,
	): Promise<void> {
		const poison = await this.#attempt(messages, patience);
		if (poison === null) return;
		if (messages.length === 1) return this.#parkPoison(messages[0]!, poison.cause);
		const byDevice = Map.groupBy(messages, (message) => message.deviceNo);
		const portions =
			byDevice.size > 1 ? [...byDevice.values()] : messages.map((message) => [message]);
		for (const portion of portions) await this.#process(portion, 1);
	}

	/** @returns null when the messages are committed and acknowledged, else what makes them uncommittable */
	async #attempt(
		messages: readonly DeviceMessage[],
		patience: number,
	): Promise<{ cause: unknown } | null> {
		let suspicions = 0;
		const poison = await this.#retried(async () => {
			try {
				const snapshotOf = await this.#load(messages);
				const known = messages.filter((message) => snapshotOf.has(message.deviceNo));
				for (let gone = known.length; gone < messages.length; gone++)
					this.#options.counters.dropped('not_registered');
				const result = await this.#chain(known, (deviceNo) => snapshotOf.get(deviceNo)!);
				await this.#commit(result);
				return null;
			} catch (cause) {
				this.#forget(messages);
				if (isMissingPartition(cause)) this.#options.partitions.forget();
				else if (isPoison(cause)) return { cause };
				else if (isSuspect(cause) && ++suspicions >= patience) {
					// Where the database takes no message whatever, none is at fault, and all wait.
					if (await this.#takesMessages()) return { cause };
				}
				throw cause;
			}
		});
		if (poison === null) for (const message of messages) message.acknowledge();
		return poison;
	}

	async #takesMessages(): Promise<boolean> {
		const nowMs = this.#options.clock();
		await this.#options.partitions.ensure([dayOf(nowMs)]);
		return this.#options.store.takesMessages(nowMs);
	}

	async #chain(
		messages: readonly DeviceMessage[],
		snapshotOf: (deviceNo: number) => Snapshot,
	): Promise<BatchResult> {
		const nowMs = this.#options.clock();
		for (const { deviceNo, receivedAtMs } of messages)
			setBack(snapshotOf(deviceNo), receivedAtMs, nowMs);
		const batch = poisonWhenThrown(() => recogniseBatch(messages, snapshotOf));
		const known: KnownBefore = {
			readings: await this.#options.store.findStored(batch.doubtful),
			commands: await this.#options.store.findGiven(batch.results),
			superseded: await this.#options.store.findSuperseded(batch.readings.filter(isReplayed)),
		};
		const context: ChainContext = {
			reactions: this.#options.reactions,
			resultReactions: this.#options.resultReactions,
			oldestKeptMs: nowMs - this.#options.retentionMs,
			counters: this.#options.counters,
		};
		return poisonWhenThrown(() => runChain(batch, snapshotOf, known, context));
	}

	async #commit(result: BatchResult): Promise<void> {
		if (result.snapshots.length === 0) return;
		const days = new Set<number>();
		for (const reading of result.readings) days.add(dayOf(reading.atMs));
		await this.#options.partitions.ensure(days);
		const crowdedOut = await this.#options.store.commit(result);
		for (let gone = 0; gone < crowdedOut; gone++)
			this.#options.counters.dropped('parked_crowded_out');
		this.#options.onCommitted(result.snapshots, result.facts);
	}

	async #parkPoison(message: DeviceMessage, cause: unknown): Promise<void> {
		this.#options.log.warn({ err: cause, deviceNo: message.deviceNo }, 'message parked');
		await this.#retried(async () => {
			try {
				const snapshot = (await this.#load([message])).get(message.deviceNo);
				if (snapshot !== undefined) await this.#commit(parkAlone(message, snapshot, cause));
			} catch (error) {
				this.#forget([message]);
				throw error;
			}
		});
		this.#options.counters.parked('failed');
		message.acknowledge();
	}

	/** The snapshots of the messages' devices, from the cache or the database. */
	async #load(messages: readonly DeviceMessage[]): Promise<ReadonlyMap<number, Snapshot>> {
		const missing = new Set<number>();
		for (const { deviceNo } of messages) if (!this.#snapshots.has(deviceNo)) missing.add(deviceNo);
		if (missing.size > 0) {
			const read = await this.#options.store.readSnapshots([...missing]);
			for (const [deviceNo, snapshot] of read) this.#snapshots.set(deviceNo, snapshot);
			if (this.#snapshots.size > cachedSnapshotsPerLane) this.#limitCache(messages);
		}
		return this.#snapshots;
	}

	#limitCache(messages: readonly DeviceMessage[]): void {
		const inUse = new Set(messages.map((message) => message.deviceNo));
		for (const deviceNo of this.#snapshots.keys()) {
			if (this.#snapshots.size <= cachedSnapshotsPerLane) return;
			if (!inUse.has(deviceNo)) this.#snapshots.delete(deviceNo);
		}
	}

	#forget(messages: readonly DeviceMessage[]): void {
		for (const { deviceNo } of messages) this.#snapshots.delete(deviceNo);
	}

	/** Tries until it succeeds: acknowledgements wait meanwhile, so nothing is lost. */
	async #retried<T>(work: () => Promise<T>): Promise<T> {
		for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
			try {
				const result = await work();
				this.#options.onDatabase(null);
				return result;
			} catch (error) {
				this.#options.onDatabase(error);
				if (this.#options.signal.aborted) throw error;
				if (!isUnavailable(error))
					this.#options.log.error({ err: error }, 'batch failed and is tried again');
				await setTimeout(delayMs, undefined, { signal: this.#options.signal });
			}
		}
	}
}

/** What a step threw: the message is at fault, not the database. */
class StepError extends Error {}

function poisonWhenThrown<T>(step: () => T): T {
	try {
		return step();
	} catch (cause) {
		throw new StepError(cause instanceof Error ? cause.message : String(cause), { cause });
	}
}

/** A day of `readings` was dropped behind our back: it is made anew, no message is at fault. */
function isMissingPartition(error: unknown): boolean {
	return error instanceof pg.DatabaseError && error.code === '23514' && error.table === 'readings';
}

/** A value that a type or constraint refuses (SQLSTATE classes 22 and 23), or a step that threw. */
function isPoison(error: unknown): boolean {
	return error instanceof StepError || /^2[23]/.test(sqlState(error) ?? '');
}

/**
 * Neither a message at fault for sure nor a lack that passes by itself: of connections, room, memory, locks, an operator's
 * patience (SQLSTATE classes 08, 25, 40, 53, 55, 57, 58, XX). Our own errors in writing a batch are among them.
 */
function isSuspect(error: unknown): boolean {
	if (isUnavailable(error)) return false;
	return !/^(08|25|40|53|55|57|58|XX)/.test(sqlState(error) ?? '');
}
