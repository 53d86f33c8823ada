import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { until } from '../../../tests/harness/until.ts';
import { ReadingArchive } from './archive.ts';
import { dayOf, ReadingsPartitions } from './partitions.ts';
import { readingColumns } from './rows.ts';

const dayMs = 86_400_000;
const firstDayMs = Date.UTC(2026, 2, 1);
const daysAfterMs = firstDayMs + 3 * dayMs;

let db: TestDatabase;
let archive: ReadingArchive;
let partitions: ReadingsPartitions;

beforeAll(async () => {
	db = await createTestDatabase();
	archive = new ReadingArchive(db.pool);
});
afterAll(() => db.drop());
beforeEach(async () => {
	partitions = new ReadingsPartitions(db.pool);
	await dropAllBefore(daysAfterMs + 10 * dayMs);
});

/** A reading of which some columns were said. */
const reading = fc.record({
	device_no: fc.integer({ min: 1, max: 600 }),
	atMs: fc.integer({ min: firstDayMs, max: daysAfterMs - 1 }),
	ident: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
	delayMs: fc.integer({ min: -300_000, max: 40_000_000_000 }),
	lat: maybe(fc.double({ min: -90, max: 90, noNaN: true })),
	soc_pct: maybe(fc.constantFrom(0, 12.5, 100)),
	ignition: maybe(fc.boolean()),
	signal: maybe(fc.integer({ min: 0, max: 99 })),
	firmware: maybe(fc.constantFrom('', '4.1, "x" {} \\', 'NULL')),
	sensors: maybe(fc.dictionary(fc.constantFrom('a', 'b"'), fc.constantFrom(1, true, 'x'))),
});
type Row = typeof reading extends fc.Arbitrary<infer T> ? T : never;

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
	return fc.option(value, { nil: null });
}

async function store(rows: readonly Row[]): Promise<void> {
	await partitions.ensure(rows.map((row) => dayOf(row.atMs)));
	await db.pool.query(
		`insert into readings (device_no, at, ident, received_at, lat, soc_pct, ignition, signal, firmware, sensors)
		select r.device_no, to_timestamp(r."atMs" / 1000.0), r.ident,
			to_timestamp(r."atMs" / 1000.0) + r."delayMs" * interval '1 millisecond',
			r.lat, r.soc_pct, r.ignition, r.signal, r.firmware, r.sensors
		from jsonb_to_recordset($1) as r (device_no int, "atMs" bigint, ident bigint, "delayMs" bigint,
			lat float8, soc_pct real, ignition boolean, signal smallint, firmware text, sensors jsonb)`,
		[JSON.stringify(rows)],
	);
}

/** Everything that can be read of the devices, in order. */
async function history(fromMs = 0, toMs = daysAfterMs): Promise<unknown[]> {
	const { rows } = await db.pool.query<unknown[]>({
		text: `select ${readingColumns.map((name) => `r.${name}`).join(', ')}
			from generate_series(1, 600) d, readings_between(d, $1, $2) r order by r.device_no, r.at, r.ident`,
		values: [new Date(fromMs), new Date(toMs)],
		rowMode: 'array',
	});
	return rows;
}

/** One day goes at a time. */
async function dropAllBefore(oldestKeptMs: number): Promise<void> {
	let dropped: string[];
	do dropped = await partitions.dropBefore(oldestKeptMs);
	while (dropped.length > 0);
}

/** A day whose table somebody holds just now, as autovacuum may, stays for the next time. */
async function pack(): Promise<string[]> {
	const packed = await archive.packBefore(daysAfterMs, new AbortController().signal);
	partitions.forget();
	return packed;
}

test('packed or not, the same is read, whatever came late', async () => {
	const times = fc.tuple(
		fc.integer({ min: firstDayMs, max: daysAfterMs }),
		fc.integer({ min: firstDayMs, max: daysAfterMs }),
	);
	const readings = fc.uniqueArray(reading, { selector: (row) => row.ident, maxLength: 60 });
	await fc.assert(
		fc.asyncProperty(readings, fc.nat(60), times, async (rows, early, [one, other]) => {
			await dropAllBefore(daysAfterMs);
			const [fromMs, toMs] = one < other ? [one, other] : [other, one];
			await store(rows);
			const before = await history();
			const between = await history(fromMs, toMs);
			await dropAllBefore(daysAfterMs);

			await store(rows.slice(0, early));
			await pack();
			await store(rows.slice(early));
			expect(await history()).toEqual(before);
			await pack();
			expect(await history()).toEqual(before);
			expect(await history(fromMs, toMs)).toEqual(between);
			const { rows: left } = await db.pool.query('select count(*)::int as count from readings');
			expect(left).toEqual([{ count: 0 }]);
		}),
		{ numRuns: 25 },
	);
});

test('a day leaves its table when it is packed, and the archive with the retention', async () => {
	const row = { ...fc.sample(reading, 1)[0]!, atMs: firstDayMs, device_no: 5 };
	await store([row, { ...row, atMs: daysAfterMs, ident: '7' }]);
	await until(async () => expect(await pack()).toEqual(['readings_2026_03_01']));
	expect(await pack()).toEqual([]);
	expect(await history()).toHaveLength(1);
	expect(await partitions.dropBefore(firstDayMs + dayMs)).toEqual(['reading_archive_2026_03_01']);
	expect(await history()).toEqual([]);
	expect(await history(0, daysAfterMs + 1)).toHaveLength(1);
});

test('a day that somebody reads is packed, and dropped the next time', async () => {
	const row = { ...fc.sample(reading, 1)[0]!, atMs: firstDayMs, device_no: 5 };
	await store([row]);
	const reader = await db.pool.connect();
	await reader.query('begin');
	await reader.query('select count(*) from readings');
	expect(await pack()).toEqual([]);
	await reader.query('commit');
	reader.release();
	await until(async () => expect(await pack()).toEqual(['readings_2026_03_01']));
	expect(await history()).toHaveLength(1);
});
