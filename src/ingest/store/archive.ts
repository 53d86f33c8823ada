import type pg from 'pg';
import { dayOf, partitionLock, partitionName } from './partitions.ts';
import { readingColumns } from './rows.ts';

/** Devices packed in one transaction: a few hundred thousand readings at one a minute. */
const devicesPerPortion = 256;
/** A day is dropped only when nobody has to wait longer than this for its table. */
const lockPatienceMs = 250;

/** What each value was said of; the others of a reading are its key. */
const valueColumns = readingColumns.slice(4);

/**
 * Packs readings of days gone by into one row for each device and day: a quarter of the space, read by the same
 * `readings_between`. Each portion moves in one transaction, so that a reading is always in exactly one place; what comes
 * late is packed by the next run.
 */
export class ReadingArchive {
	readonly #pool: pg.Pool;

	constructor(pool: pg.Pool) {
		this.#pool = pool;
	}

	/**
	 * Packs the days that lie wholly before an instant, the oldest first, until the signal says stop.
	 * @returns names of the days' tables that are gone
	 */
	async packBefore(oldestUnpackedMs: number, signal: AbortSignal): Promise<string[]> {
		const { rows } = await this.#pool.query<{ name: string }>(
			`select inhrelid::regclass::text as name from pg_inherits
			where inhparent = 'readings'::regclass order by name`,
		);
		const firstKept = partitionName(dayOf(oldestUnpackedMs));
		const packed: string[] = [];
		for (const { name } of rows)
			if (name < firstKept && !signal.aborted && (await this.#pack(name, signal)))
				packed.push(name);
		return packed;
	}

	/** @returns whether the day's table is gone */
	async #pack(partition: string, signal: AbortSignal): Promise<boolean> {
		const day = partition.slice('readings_'.length).replaceAll('_', '-');
		await this.#pool.query(makeArchiveDaySql(day));
		const { rows } = await this.#pool.query<{ first: number | null; last: number | null }>(
			`select min(device_no) as first, max(device_no) as last from ${partition}`,
		);
		const { first = null, last = null } = rows[0] ?? {};
		if (first !== null && last !== null)
			for (let from = first; from <= last; from += devicesPerPortion) {
				if (signal.aborted) return false;
				await this.#pool.query(packSql(partition), [day, from, from + devicesPerPortion]);
			}
		return this.#dropEmpty(partition);
	}

	/** A day to which something came meanwhile, or that somebody reads just now, waits for the next run. */
	async #dropEmpty(partition: string): Promise<boolean> {
		const client = await this.#pool.connect();
		try {
			await client.query('begin');
			await client.query(`set local lock_timeout = ${lockPatienceMs}`);
			await client.query('select pg_advisory_xact_lock($1)', [partitionLock]);
			await client.query(`lock table readings, ${partition} in access exclusive mode`);
			const { rowCount } = await client.query(`select from ${partition} limit 1`);
			if (rowCount === 0) await client.query(`drop table ${partition}`);
			await client.query('commit');
			return rowCount === 0;
		} catch (error) {
			await client.query('rollback');
			if (isLockTimeout(error)) return false;
			throw error;
		} finally {
			client.release();
		}
	}
}

function makeArchiveDaySql(day: string): string {
	const name = `reading_archive_${day.replaceAll('-', '_')}`;
	return `create table if not exists ${name} partition of reading_archive
		for values from ('${day}') to (date '${day}' + 1)`;
}

/** Moves the readings of devices $2 to $3 (excluded) of the day $1. */
function packSql(partition: string): string {
	const inOrder = 'order by at, ident';
	const packed = [
		`array_agg((extract(epoch from at - $1::date::timestamp at time zone 'UTC') * 1000)::integer ${inOrder})`,
		`array_agg(ident ${inOrder})`,
		`array_agg((extract(epoch from received_at - at) * 1000)::bigint ${inOrder})`,
		...valueColumns.map(
			(name) => `case when count(${name}) > 0 then array_agg(${name} ${inOrder}) end`,
		),
	];
	const appended = [
		...['at_ms', 'ident', 'delay_ms'].map((name) => `${name} = a.${name} || excluded.${name}`),
		...valueColumns.map(
			(name) => `${name} = case when num_nonnulls(a.${name}, excluded.${name}) > 0
				then ${padded('a', name)} || ${padded('excluded', name)} end`,
		),
	];
	const columns = ['at_ms', 'ident', 'delay_ms', ...valueColumns].join(', ');
	return `with moved as (
			delete from ${partition} where device_no >= $2 and device_no < $3 returning *
		)
		insert into reading_archive as a (device_no, day, ${columns})
		select device_no, $1::date, ${packed.join(', ')} from moved group by device_no
		on conflict (device_no, day) do update set ${appended.join(', ')}`;
}

/** A column's values, as many nulls where nobody said any. */
function padded(row: 'a' | 'excluded', name: string): string {
	return `coalesce(${row}.${name},
		array_fill((coalesce(a.${name}, excluded.${name}))[0], array[cardinality(${row}.at_ms)]))`;
}

function isLockTimeout(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === '55P03';
}
