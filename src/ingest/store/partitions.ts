import type pg from 'pg';

const dayMs = 86_400_000;
/** Days made ahead of the first reading that needs them. */
export const partitionsAheadDays = 3;

/** Start of the UTC day of an instant (epoch ms). */
export function dayOf(atMs: number): number {
	return Math.floor(atMs / dayMs) * dayMs;
}

/** The table of a day's readings. */
export function partitionName(dayStartMs: number): string {
	return `readings_${new Date(dayStartMs).toISOString().slice(0, 10).replaceAll('-', '_')}`;
}

/** One statement list is one transaction. Made beside the table and attached: readers and lanes are not locked out. */
function makePartitionSql(dayStartMs: number): string {
	const name = partitionName(dayStartMs);
	const [from, to] = [dayStartMs, dayStartMs + dayMs].map((ms) => new Date(ms).toISOString());
	return `select pg_advisory_xact_lock(${partitionLock});
		do $$ begin
			if to_regclass('${name}') is null then
				create table ${name} (like readings including defaults including constraints including indexes);
				alter table readings attach partition ${name} for values from ('${from}') to ('${to}');
			end if;
		end $$`;
}

/**
 * Knows which days of `readings` exist and makes the missing ones. Late data may need a day far back, so a lane asks
 * before each commit; days ahead are made by a job.
 */
export class ReadingsPartitions {
	readonly #pool: pg.Pool;
	readonly #known = new Set<number>();
	#making = Promise.resolve();

	constructor(pool: pg.Pool) {
		this.#pool = pool;
	}

	/** Makes the days that are missing. Cheap when there are none. */
	async ensure(dayStartsMs: Iterable<number>): Promise<void> {
		const missing = [...dayStartsMs].filter((day) => !this.#known.has(day));
		if (missing.length === 0) return;
		// One after the other: two lanes that need the same day must not race for it.
		const made = this.#making.then(() => this.#make(missing));
		this.#making = made.catch(() => {});
		await made;
	}

	async #make(dayStartsMs: readonly number[]): Promise<void> {
		for (const day of dayStartsMs) {
			if (this.#known.has(day)) continue;
			await this.#pool.query(makePartitionSql(day));
			this.#known.add(day);
		}
	}

	/** Makes today and the days ahead. */
	async makeAhead(nowMs: number): Promise<void> {
		const today = dayOf(nowMs);
		await this.ensure(
			Array.from({ length: partitionsAheadDays + 1 }, (_, index) => today + index * dayMs),
		);
	}

	/**
	 * Drops the oldest of the days that lie wholly before an instant, packed or not. One at a time: a clock that is ahead
	 * for an hour must not cost the whole history. @returns its tables' names
	 */
	async dropBefore(oldestKeptMs: number): Promise<string[]> {
		const { rows } = await this.#pool.query<{ name: string }>(
			`select inhrelid::regclass::text as name from pg_inherits
			where inhparent in ('readings'::regclass, 'reading_archive'::regclass)`,
		);
		const names = rows.map((row) => row.name);
		const oldest = names.map(dayIn).sort()[0];
		if (oldest === undefined || oldest >= dayIn(partitionName(dayOf(oldestKeptMs)))) return [];
		const dropped = names.filter((name) => dayIn(name) === oldest);
		for (const name of dropped) await this.#pool.query(`drop table ${name}`);
		this.forget();
		return dropped;
	}

	/** Looks again at the next use which days there are. */
	forget(): void {
		this.#known.clear();
	}
}

/** The day at the end of a table's name, as in 2026_11_21. */
function dayIn(name: string): string {
	return name.slice(-'2026_11_21'.length);
}

/** Advisory lock under which partitions are made and dropped, also by other nodes. */
export const partitionLock = 7_203_413;
