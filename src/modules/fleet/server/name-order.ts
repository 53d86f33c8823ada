import type pg from 'pg';
import type { FleetIndex } from '#live/fleet-index.ts';
import { readInPortions } from '#platform/database/portions.ts';
import type { Log } from '#platform/log.ts';

/** Names are put in order this long after the last of a burst of changes. */
const settleMs = 500;
const retryMs = 5_000;

/** Keeps each device's place in the alphabetical order of all names in the index, which has no room for the names. */
export class NameOrder {
	readonly #pool: pg.Pool;
	readonly #index: FleetIndex;
	readonly #log: Log;
	#timer: NodeJS.Timeout | null = null;
	#isRunning = false;
	#changedMeanwhile = false;
	#stopped = false;

	constructor(pool: pg.Pool, index: FleetIndex, log: Log) {
		this.#pool = pool;
		this.#index = index;
		this.#log = log;
	}

	/** A device came, went or was fitted to another vehicle. */
	changed(): void {
		if (this.#timer === null && !this.#isRunning) this.#schedule(settleMs);
		else if (this.#isRunning) this.#changedMeanwhile = true;
	}

	stop(): void {
		this.#stopped = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
	}

	#schedule(afterMs: number): void {
		if (this.#stopped) return;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			void this.#run();
		}, afterMs);
	}

	async #run(): Promise<void> {
		this.#isRunning = true;
		this.#changedMeanwhile = false;
		let isOrdered = false;
		try {
			await this.#order();
			isOrdered = true;
		} catch (error) {
			this.#log.warn({ err: error }, 'names could not be put in order');
		}
		this.#isRunning = false;
		if (!isOrdered) this.#schedule(retryMs);
		else if (this.#changedMeanwhile) this.#schedule(settleMs);
	}

	async #order(): Promise<void> {
		const client = await this.#pool.connect();
		try {
			const portions = readInPortions<{ device_no: number }>(
				client,
				`select device_no from v_device where retired_at is null
				order by lower(coalesce(vin, name, device_id)) collate "C"`,
				5_000,
			);
			let rank = 0;
			for await (const rows of portions)
				for (const row of rows) this.#index.setNameRank(row.device_no, rank++);
		} finally {
			client.release();
		}
	}
}
