import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Road } from '#ingest/road.ts';
import { createProducts, firmwareReaction } from '#modules/products/server/index.ts';
import { createSetup, type DemoDevice } from '#modules/setup/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../tests/harness/database.ts';
import { createTestFolder, type TestFolder } from '../tests/harness/folder.ts';
import { recallHistory } from './demo-history.ts';

const drivesFolder = join(import.meta.dirname, '../data/twizy-rsk');
const nowMs = Date.now();
let db: TestDatabase;
let folder: TestFolder;
let road: Road;
let devices: readonly DemoDevice[];

const statusesSql = `select device_status(d.family, s.charging, s.ignition, s.speed_kmh, s.run_state,
		s.last_heard_at, $1) as status, count(*)::int as devices
	from v_device d left join device_state s using (device_no) group by 1`;

async function countStatuses(atMs: number): Promise<Record<string, number>> {
	const { rows } = await db.pool.query<{ status: string; devices: number }>(statusesSql, [
		new Date(atMs),
	]);
	return Object.fromEntries(rows.map(({ status, devices: count }) => [status, count]));
}

async function countReadings(): Promise<number> {
	const { rows } = await db.pool.query('select count(*)::int as readings from readings');
	return rows[0].readings;
}

beforeAll(async () => {
	db = await createTestDatabase();
	folder = await createTestFolder();
	const log = pino({ level: 'silent' });
	road = new Road({
		databaseUrl: db.url,
		pool: db.pool,
		retentionDays: 30,
		packAfterDays: 8,
		reactions: [firmwareReaction],
		resultReactions: [],
		counters: {
			dropped: () => {},
			impossibleValue: () => {},
			parked: () => {},
			late: () => {},
		},
		clock: () => nowMs,
		log,
		onCommitted: () => {},
		onChanged: () => {},
		onDatabase: () => {},
	});
	await road.start();
	const setup = createSetup({
		database: db.database,
		products: createProducts(db.database, () => {}),
		dataDir: folder.path,
		clock: () => nowMs,
		log,
		recall: async (created) => {
			devices = created;
			await recallHistory(road.bus, created, drivesFolder, nowMs);
		},
		onDemoFleet: () => {},
	});
	await setup.setUpDemo();
});
afterAll(async () => {
	await road.stop();
	await db.drop();
	await folder.remove();
});

describe('the past of the demo fleet', () => {
	it('leaves devices in all six statuses, the silent ones as designed', async () => {
		const counts = await countStatuses(nowMs);
		expect(counts).toMatchObject({ offline: 5, not_communicating: 7 });
		for (const status of ['moving', 'stopped', 'ignition_off', 'charging'])
			expect(counts[status]).toBeGreaterThan(0);
		expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(120);
	});

	it('covers three days of every device that has spoken, with times of receipt of then', async () => {
		const { rows } = await db.pool.query(`
			select count(*)::int as devices,
				min(r.readings)::int as fewest,
				min(s.newest_at - r.first_at) > interval '60 hours' as is_long,
				bool_and(s.newest_at = r.last_at) as is_newest,
				bool_and(s.last_heard_at = r.last_received_at) as is_heard
			from (
				select device_no, count(*) as readings, min(at) as first_at, max(at) as last_at,
					max(received_at) as last_received_at
				from readings group by device_no
			) r join device_state s using (device_no)`);
		expect(rows).toEqual([
			{ devices: 117, fewest: expect.any(Number), is_long: true, is_newest: true, is_heard: true },
		]);
		expect(rows[0].fewest).toBeGreaterThan(250);
		const late = await db.pool.query('select count(*)::int as devices from late_window');
		expect(late.rows[0].devices).toBeGreaterThan(10);
		const facts = await db.pool.query(
			'select kind, count(distinct device_no)::int from fact group by 1',
		);
		expect(facts.rows).toEqual([{ kind: 'firmware_reported', count: 117 }]);
	});

	it('makes physical sense as stored: counters never fall', async () => {
		const { rows } = await db.pool.query(`
			select count(*) filter (where odometer_km < odometer_before)::int as odometer,
				count(*) filter (where total_hours < hours_before)::int as hours,
				count(*) filter (where total_kwh < kwh_before)::int as kwh,
				count(odometer_before)::int > 10000 and count(hours_before)::int > 10000 as are_many
			from (
				select odometer_km, total_hours, total_kwh,
					lag(odometer_km) over w as odometer_before,
					lag(total_hours) over w as hours_before,
					lag(total_kwh) over w as kwh_before
				from readings window w as (partition by device_no order by at)
			) r`);
		expect(rows).toEqual([{ odometer: 0, hours: 0, kwh: 0, are_many: true }]);
	});

	it('told twice is stored once', async () => {
		const before = await countReadings();
		await recallHistory(road.bus, devices.slice(0, 30), drivesFolder, nowMs);
		expect(await countReadings()).toBe(before);
	});
});
