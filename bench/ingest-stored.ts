import type pg from 'pg';
import { sequencesPerRun } from './load/payload.ts';

/** How what lies in the database compares with what the devices were promised. */
export interface Stored {
	readonly rows: number;
	readonly acknowledged: number;
	/** Acknowledged readings that are not stored. */
	readonly missing: number;
	/** Readings stored more than once. */
	readonly repeated: number;
	/** Readings stored without an acknowledgement that reached the device. */
	readonly unacknowledged: number;
	readonly devices: number;
	readonly bytesPerReading: number;
}

/** Acknowledgements of one run of the generator, by device. */
export interface Acknowledged {
	/** The run's first sequence ÷ {@link sequencesPerRun}. */
	readonly run: number;
	readonly byDeviceNo: ReadonlyMap<number, number>;
}

/**
 * Compares by value: each device counted its sequences upwards without a gap, and `odometer_km` is the sequence ÷ 100.
 */
export async function readStored(
	pool: pg.Pool,
	acknowledgements: readonly Acknowledged[],
): Promise<Stored> {
	const expected = acknowledgements.flatMap(({ run, byDeviceNo }) =>
		[...byDeviceNo].map(([deviceNo, acknowledged]) => ({ run, deviceNo, acknowledged })),
	);
	const { rows } = await pool.query<Omit<Stored, 'bytesPerReading'> & { bytes: number }>(
		`with sequenced as (
			select device_no, round((odometer_km * 100)::numeric)::int as seq from readings
		), stored as (
			select device_no, seq / $4::int as run, count(*) as rows, count(distinct seq) as sequences
			from sequenced group by 1, 2
		), prefix as (
			-- Acknowledged sequences are the first ones of a run: those up to its count.
			select s.device_no, s.seq / $4::int as run, count(distinct s.seq) as sequences
			from sequenced s
			join unnest($1::int[], $2::int[], $3::int[]) as e (run, device_no, acknowledged)
				on e.device_no = s.device_no and e.run = s.seq / $4::int and s.seq % $4::int < e.acknowledged
			group by 1, 2
		), expected as (
			select * from unnest($1::int[], $2::int[], $3::int[]) as e (run, device_no, acknowledged)
		)
		select
			(select coalesce(sum(rows), 0)::float8 from stored) as rows,
			(select coalesce(sum(acknowledged), 0)::float8 from expected) as acknowledged,
			(select coalesce(sum(e.acknowledged - coalesce(p.sequences, 0)), 0)::float8
				from expected e left join prefix p using (run, device_no)) as missing,
			(select coalesce(sum(rows - sequences), 0)::float8 from stored) as repeated,
			(select coalesce(sum(s.sequences), 0)::float8 from stored s)
				- (select coalesce(sum(p.sequences), 0)::float8 from prefix p) as unacknowledged,
			(select count(distinct device_no)::float8 from stored) as devices,
			(select coalesce(sum(pg_total_relation_size(relid)), 0)::float8
				from pg_partition_tree('readings') where isleaf) as bytes`,
		[
			expected.map((entry) => entry.run),
			expected.map((entry) => entry.deviceNo),
			expected.map((entry) => entry.acknowledged),
			sequencesPerRun,
		],
	);
	const [
		{ bytes, ...stored } = {
			rows: 0,
			acknowledged: 0,
			missing: 0,
			repeated: 0,
			unacknowledged: 0,
			devices: 0,
			bytes: 0,
		},
	] = rows;
	return { ...stored, bytesPerReading: stored.rows === 0 ? 0 : bytes / stored.rows };
}

/** Where PostgreSQL's log of changes stands, in bytes since the beginning. */
export async function walBytes(pool: pg.Pool): Promise<number> {
	const { rows } = await pool.query<{ bytes: number }>(
		`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes`,
	);
	return rows[0]?.bytes ?? 0;
}
