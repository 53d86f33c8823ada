import type pg from 'pg';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import type { ChainCounters } from './batch.ts';
import { InProcessBus } from './bus/in-process.ts';
import type { DeviceBus } from './bus/port.ts';
import { Lane } from './lane.ts';
import type { DeviceFact, Reaction, ResultReaction } from './reaction.ts';
import type { Snapshot } from './snapshot.ts';
import { ReadingArchive } from './store/archive.ts';
import { LaneStore } from './store/commit.ts';
import { boundParked } from './store/parked.ts';
import { dayOf, ReadingsPartitions } from './store/partitions.ts';

const dayMs = 86_400_000;

/** Two lanes keep two cores busy: one waits for the disk while the other fills its batch. */
export const defaultLanes = 2;
/** How long a batch gathers. It is most of an idle system's acknowledgement time, and what makes commits few. */
export const defaultLingerMs = 8;
/** Messages waiting for their lane may take this much memory; beyond, the edge refuses. */
export const busLimitBytes = 256 * 1024 * 1024;

export interface RoadOptions {
	readonly databaseUrl: string;
	readonly pool: pg.Pool;
	readonly retentionDays: number;
	/** Older readings are packed. */
	readonly packAfterDays: number;
	readonly reactions: readonly Reaction[];
	readonly resultReactions: readonly ResultReaction[];
	readonly counters: ChainCounters;
	readonly clock: Clock;
	readonly log: Log;
	onCommitted(snapshots: readonly Snapshot[], facts: readonly DeviceFact[]): void;
	onChanged(deviceNo: number, snapshot: Snapshot | null): void;
	onDatabase(error: unknown): void;
}

/** Everything between the edges and what hears of commits: bus, lanes, partitions. */
export class Road {
	readonly bus: DeviceBus;
	readonly #options: RoadOptions;
	readonly #partitions: ReadingsPartitions;
	readonly #archive: ReadingArchive;
	readonly #lanes: Lane[];
	readonly #stopping = new AbortController();

	constructor(options: RoadOptions) {
		this.#options = options;
		this.bus = new InProcessBus(defaultLanes, busLimitBytes);
		this.#partitions = new ReadingsPartitions(options.pool);
		this.#archive = new ReadingArchive(options.pool);
		this.#lanes = Array.from(
			{ length: this.bus.partitionCount },
			(_, partition) =>
				new Lane({
					...options,
					bus: this.bus,
					partition,
					lingerMs: defaultLingerMs,
					store: new LaneStore(options.databaseUrl, partition),
					partitions: this.#partitions,
					retentionMs: options.retentionDays * dayMs,
					signal: this.#stopping.signal,
				}),
		);
	}

	async start(): Promise<void> {
		await this.#partitions.makeAhead(this.#options.clock());
		for (const lane of this.#lanes) lane.start();
	}

	/** Hourly upkeep: days ahead are made, a day beyond the retention dropped, parked messages bounded. */
	async maintain(): Promise<void> {
		const nowMs = this.#options.clock();
		await this.#partitions.makeAhead(nowMs);
		const oldestKeptMs = nowMs - this.#options.retentionDays * dayMs;
		const dropped = await this.#partitions.dropBefore(dayOf(oldestKeptMs));
		if (dropped.length > 0)
			this.#options.log.info({ dropped }, 'readings beyond the retention dropped');
		const crowdedOut = await boundParked(this.#options.pool);
		for (let gone = 0; gone < crowdedOut; gone++)
			this.#options.counters.dropped('parked_crowded_out');
	}

	/** Packs days gone by for a while; what is not done then is for the next time. */
	async pack(): Promise<void> {
		const oldestUnpackedMs = this.#options.clock() - this.#options.packAfterDays * dayMs;
		const enough = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(packBudgetMs)]);
		const packed = await this.#archive.packBefore(oldestUnpackedMs, enough);
		if (packed.length === 0) return;
		this.#partitions.forget();
		this.#options.log.info({ packed }, 'readings of days gone by packed');
	}

	/** Settles what is on the road; what cannot be committed now stays unacknowledged and comes again. */
	async stop(): Promise<void> {
		this.bus.close();
		const settled = Promise.all(this.#lanes.map((lane) => lane.stopped()));
		const tooLong = setTimeout(() => this.#stopping.abort(), stopPatienceMs);
		await settled;
		clearTimeout(tooLong);
	}
}

const stopPatienceMs = 3_000;
/** Packing gives way to the next run after this long. */
const packBudgetMs = 8 * 60_000;
