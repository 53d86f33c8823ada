/**
 * `npm run bench:pack [-- --json]`: what packing the readings of days gone by saves and costs, on the demo fleet's
 * history: bytes a reading before and after, time to pack one, and time to read a device's day, each by the same query.
 */
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { ReadingArchive } from '#ingest/store/archive.ts';
import { dayOf } from '#ingest/store/partitions.ts';
import { createPool } from '#platform/database/connect.ts';
import { startProduct } from '../tests/harness/product.ts';
import { withPostgres } from './bench-postgres.ts';
import { createDiskFolder } from './ingest-disk.ts';
import { machine, thousands } from './ingest-report.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};
const reads = 100;

say(machine);
const folder = await createDiskFolder();
try {
	const product = await startProduct({
		dataDir: folder.path,
		environment: { LOG_LEVEL: 'warn' },
		parameters: ['--demo'],
	});
	await product.end('SIGTERM');
	const figures = await withPostgres(folder.path, measure);
	say(
		`on disk, a reading      ${figures.bytesBefore.toFixed(0)} bytes, packed ${figures.bytesAfter.toFixed(0)} (${figures.ratio.toFixed(3)})`,
	);
	say(
		`packed                  ${thousands(figures.readings)} readings, ${figures.packUs.toFixed(1)} µs each`,
	);
	say(
		`a device's day read in  ${figures.readMsBefore.toFixed(1)} ms, packed ${figures.readMsAfter.toFixed(1)} ms`,
	);
	if (values.json) say(JSON.stringify({ ...figures, machine }));
} finally {
	await folder.remove();
}

async function measure(url: string) {
	const pool = createPool(url, 'bench', 2);
	try {
		const today = dayOf(Date.now());
		await pool.query('vacuum full readings');
		const { rows } = await pool.query<{ readings: number; bytes: number }>(
			`select (select count(*)::float8 from readings where at < $1) as readings,
				sum(pg_total_relation_size(inhrelid))::float8 as bytes
			from pg_inherits where inhparent = 'readings'::regclass and inhrelid::regclass::text < $2`,
			[
				new Date(today),
				`readings_${new Date(today).toISOString().slice(0, 10).replaceAll('-', '_')}`,
			],
		);
		const { readings = 0, bytes = 0 } = rows[0] ?? {};
		const readMsBefore = await readDays(pool, today);
		const startedAtMs = performance.now();
		await new ReadingArchive(pool).packBefore(today, new AbortController().signal);
		const packUs = ((performance.now() - startedAtMs) / readings) * 1_000;
		await pool.query('analyze reading_archive');
		const packed = await pool.query<{ bytes: number }>(
			`select sum(pg_total_relation_size(inhrelid))::float8 as bytes
			from pg_inherits where inhparent = 'reading_archive'::regclass`,
		);
		const bytesBefore = bytes / readings;
		const bytesAfter = (packed.rows[0]?.bytes ?? 0) / readings;
		const readMsAfter = await readDays(pool, today);
		const ratio = bytesAfter / bytesBefore;
		return { readings, bytesBefore, bytesAfter, ratio, packUs, readMsBefore, readMsAfter };
	} finally {
		await pool.end();
	}
}

/** The speed of one device on the day before, as a chart asks for it. @returns the median */
async function readDays(pool: pg.Pool, today: number): Promise<number> {
	const times: number[] = [];
	for (let turn = 0; turn < reads; turn += 1) {
		const startedAtMs = performance.now();
		await pool.query('select at, speed_kmh from readings_between($1, $2, $3) order by at', [
			1 + turn,
			new Date(today - 86_400_000),
			new Date(today),
		]);
		times.push(performance.now() - startedAtMs);
	}
	return times.sort((one, other) => one - other)[Math.floor(reads / 2)] ?? 0;
}
