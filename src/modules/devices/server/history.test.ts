import fc from 'fast-check';
import { type CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '#contract/scope.ts';
import { createCustomer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { registerDevices } from '#modules/products/server/index.ts';
import type { DB } from '#platform/database/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { maxTrackPoints, type Series, showDeviceSeries } from '../contract.ts';
import { readDevice, readHealth } from './device-store.ts';
import { readFacts } from './fact-store.ts';
import { readSeries } from './series-store.ts';
import { readTrack } from './track-store.ts';
import { findVisibleDevice } from './visible-device.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const mondayMs = Date.UTC(2026, 10, 16);
const gapMs = 3 * 300_000;
let db: TestDatabase;
let organizationNo: number;
let otherOrganizationNo: number;
let customerA: number;
let customerB: number;

beforeAll(async () => {
	db = await createTestDatabase();
	organizationNo = await organization('Harbour');
	otherOrganizationNo = await organization('Foreign');
	customerA = await customer('A');
	customerB = await customer('B');
	for (let day = -1; day < 7; day++) {
		const [from, to] = [day, day + 1].map((each) =>
			new Date(mondayMs + each * dayMs).toISOString(),
		);
		await db.pool.query(
			`create table readings_${from?.slice(0, 10).replaceAll('-', '_')} partition of readings
			for values from ('${from}') to ('${to}')`,
		);
	}
});
afterAll(() => db.drop());

function organization(name: string): Promise<number> {
	const place = { timeZone: 'UTC', country: 'IN', locale: 'en-IN' };
	return createOrganization(db.database, { name, ...place, isDemo: false, hosts: [] });
}

function customer(name: string): Promise<number> {
	const unknown = { dealerNo: null, email: null, mobile: null, address: null, city: null };
	return createCustomer(db.database, organizationNo, { name, ...unknown, pinCode: null });
}

/** Registers a device that nobody else in this file uses. */
async function device(deviceId: string, inOrganization = organizationNo): Promise<number> {
	const [registered] = await registerDevices(db.database, inOrganization, [
		{
			deviceId,
			telematicsId: null,
			name: null,
			simNo: null,
			family: 'ev',
			transport: null,
			vehicle: null,
			customerNo: null,
			dealerNo: null,
		},
	]);
	return registered?.deviceNo ?? 0;
}

function scopeOf(part: Partial<Scope> = {}): Scope {
	return { organizationNo, dealerNo: null, customerNos: null, deviceNos: null, ...part };
}

function visible(deviceId: string, scope = scopeOf()) {
	return findVisibleDevice(db.database, scope, deviceId);
}

interface GivenReading {
	readonly atMs: number;
	readonly receivedAtMs?: number;
	readonly speedKmh?: number | null;
	readonly lat?: number;
	readonly lon?: number;
	readonly signal?: number;
	readonly ignition?: boolean;
	readonly odometerKm?: number;
	readonly sensors?: Readonly<Record<string, unknown>>;
}

async function store(deviceNo: number, readings: readonly GivenReading[]): Promise<void> {
	const json = readings.map((reading, ident) => ({
		device_no: deviceNo,
		at: new Date(reading.atMs).toISOString(),
		ident,
		received_at: new Date(reading.receivedAtMs ?? reading.atMs).toISOString(),
		speed_kmh: reading.speedKmh,
		lat: reading.lat,
		lon: reading.lon,
		signal: reading.signal,
		ignition: reading.ignition,
		odometer_km: reading.odometerKm,
		sensors: reading.sensors,
	}));
	await db.pool.query(
		'insert into readings select * from jsonb_populate_recordset(null::readings, $1::jsonb)',
		[JSON.stringify(json)],
	);
}

function pointsOf({ atMs, values }: Series): { atMs: number; value: number }[] {
	return values.flatMap((value, index) =>
		value === null ? [] : [{ atMs: atMs[index] ?? 0, value }],
	);
}

describe('a series', () => {
	test('of few readings has them all; silence is a gap, what was not said is left out', async () => {
		const deviceNo = await device('SER-1');
		await store(deviceNo, [
			{ atMs: mondayMs, speedKmh: 10, signal: 99, ignition: true },
			{ atMs: mondayMs + gapMs, speedKmh: 20, signal: 17 },
			{ atMs: mondayMs + gapMs + 1000, sensors: { packs: 2, label: 'x' } },
			{ atMs: mondayMs + 2 * gapMs + 1, speedKmh: 30, sensors: { packs: '3' } },
		]);
		const fields = ['speed_kmh', 'signal', 'ignition', 'sensor:packs'];
		const query = { from: mondayMs, to: mondayMs + dayMs, fields, points: 600 };
		const reply = await readSeries(db.database, await visible('SER-1'), query);
		expect(reply).toEqual({
			isReduced: false,
			gapMs,
			series: [
				{
					field: 'speed_kmh',
					atMs: [mondayMs, mondayMs + gapMs, mondayMs + gapMs + 1, mondayMs + 2 * gapMs + 1],
					values: [10, 20, null, 30],
				},
				{ field: 'signal', atMs: [mondayMs + gapMs], values: [17] },
				{ field: 'ignition', atMs: [mondayMs], values: [1] },
				{ field: 'sensor:packs', atMs: [mondayMs + gapMs + 1000], values: [2] },
			],
		});
	});

	test('of many readings keeps every peak, the ends and the gaps, in at most twice the points', async () => {
		const points = 20;
		const steps = fc.array(
			fc.record({
				// Mostly dense, at times silent for longer than a gap.
				stepMs: fc.oneof(
					{ weight: 30, arbitrary: fc.integer({ min: 1, max: 60_000 }) },
					{ weight: 1, arbitrary: fc.integer({ min: gapMs + 1, max: 4 * gapMs }) },
				),
				speedKmh: fc.option(fc.integer({ min: 0, max: 400 }), { nil: null, freq: 10 }),
			}),
			{ minLength: 2 * points + 1, maxLength: 300 },
		);
		let runs = 0;
		await fc.assert(
			fc.asyncProperty(steps, async (given) => {
				const deviceId = `MANY-${++runs}`;
				const deviceNo = await device(deviceId);
				let atMs = mondayMs;
				const readings = given.map(({ stepMs, speedKmh }) => {
					atMs += stepMs;
					return { atMs, speedKmh };
				});
				await store(deviceNo, readings);
				const from = mondayMs;
				const to = atMs + 1;
				const query = { from, to, fields: ['speed_kmh'], points };
				const reply = await readSeries(db.database, await visible(deviceId), query);
				expect(reply.isReduced).toBe(true);
				const [series] = reply.series;
				if (series === undefined) throw new Error('no series');
				const drawn = pointsOf(series);
				const said = readings.flatMap(({ atMs: at, speedKmh }) =>
					speedKmh === null ? [] : [{ atMs: at, value: speedKmh }],
				);

				expect(drawn.length).toBeLessThanOrEqual(2 * points);
				expect(said).toEqual(expect.arrayContaining(drawn));
				expect(series.atMs).toEqual([...series.atMs].sort((a, b) => a - b));
				expect(drawn.at(0)).toEqual(said.at(0));
				expect(drawn.at(-1)).toEqual(said.at(-1));

				const sliceMs = Math.ceil((to - from) / (points - 1));
				const extremes = (all: typeof said) => {
					const bySlice = Map.groupBy(all, (point) => Math.floor((point.atMs - from) / sliceMs));
					return [...bySlice].map(([slice, inSlice]) => {
						const values = inSlice.map((point) => point.value);
						return [slice, Math.min(...values), Math.max(...values)];
					});
				};
				expect(extremes(drawn)).toEqual(extremes(said));

				// A gap is drawn where the device was silent from one slice to the next, and nowhere else.
				const silent = said.filter((point, index) => {
					const next = said[index + 1];
					const slices = [point, next].map((each) =>
						Math.floor(((each?.atMs ?? 0) - from) / sliceMs),
					);
					return next && next.atMs - point.atMs > gapMs && slices[0] !== slices[1];
				});
				const gaps = series.atMs.filter((_, index) => series.values[index] === null);
				expect(gaps).toEqual(silent.map((point) => point.atMs + 1));
			}),
			{ numRuns: 25 },
		);
	});

	test('reads only the days asked for', async () => {
		const queries: CompiledQuery[] = [];
		const watched = new Kysely<DB>({
			dialect: new PostgresDialect({ pool: db.pool }),
			log: ({ query }) => void queries.push(query),
		});
		const deviceNo = await device('PRUNE-1');
		await store(
			deviceNo,
			Array.from({ length: 100 }, (_, index) => ({ atMs: mondayMs + index * 1000, speedKmh: 1 })),
		);
		const query = { from: mondayMs, to: mondayMs + dayMs, fields: ['speed_kmh'] };
		const found = await visible('PRUNE-1');
		await readSeries(watched, found, { ...query, points: 600 });
		await readSeries(watched, found, { ...query, points: 10 });
		expect(queries).toHaveLength(4);
		for (const { sql: text, parameters } of queries) {
			const { rows } = await db.pool.query(`explain ${text}`, [...parameters]);
			const scanned = JSON.stringify(rows).match(/ on (readings_\w+)/g);
			expect(new Set(scanned)).toEqual(new Set([' on readings_2026_11_16']));
		}
	});

	test('is asked for by known fields and a range that makes sense', () => {
		const asked = (query: object) =>
			showDeviceSeries.query?.safeParse({
				from: '1000',
				to: '2000',
				fields: 'speed_kmh',
				...query,
			}).success;
		expect(asked({})).toBe(true);
		expect(asked({ fields: 'soc_pct,sensor:cell%2C1' })).toBe(true);
		expect(asked({ fields: 'colour' })).toBe(false);
		expect(asked({ fields: 'lat' })).toBe(false);
		expect(asked({ fields: 'sensor:%' })).toBe(false);
		expect(asked({ fields: '' })).toBe(false);
		expect(asked({ to: '1000' })).toBe(false);
		expect(asked({ to: String(500 * dayMs) })).toBe(false);
	});
});

describe('whose time it is', () => {
	const handOverMs = mondayMs + 12 * hourMs;
	const range = { from: mondayMs, to: mondayMs + dayMs, fields: ['speed_kmh'], points: 600 };

	beforeAll(async () => {
		const deviceNo = await device('HAND-1');
		await sql`delete from device_assignment where device_no = ${deviceNo}`.execute(db.database);
		for (const [customerNo, from, to] of [
			[customerA, mondayMs, handOverMs],
			[customerB, handOverMs, null],
		] as const)
			await sql`
				insert into device_assignment (device_no, organization_no, customer_no, during) values (
					${deviceNo}, ${organizationNo}, ${customerNo},
					tstzrange(${new Date(from)}, ${to === null ? null : new Date(to)})
				)`.execute(db.database);
		await store(deviceNo, [
			{ atMs: handOverMs - hourMs, speedKmh: 10, lat: 1, lon: 1, odometerKm: 100 },
			{ atMs: handOverMs, speedKmh: 20, lat: 2, lon: 2, odometerKm: 110 },
			{ atMs: handOverMs + hourMs, speedKmh: 30, lat: 3, lon: 3, odometerKm: 130 },
		]);
		for (const hours of [-2, -1, 1, 2])
			await sql`
				insert into fact (device_no, organization_no, kind, at, details)
				values (${deviceNo}, ${organizationNo}, 'test', ${new Date(handOverMs + hours * hourMs)},
					${JSON.stringify({ hours })})`.execute(db.database);
	});

	async function seen(scope: Scope) {
		const found = await visible('HAND-1', scope);
		const [{ series }, { facts }, { track, readings, distanceKm }, health] = await Promise.all([
			readSeries(db.database, found, range),
			readFacts(db.database, found, { limit: 20 }),
			readTrack(db.database, found, '2026-11-16', 'UTC'),
			readHealth(db.database, found, handOverMs + hourMs),
		]);
		return {
			speeds: series.flatMap((each) => pointsOf(each).map((point) => point.value)),
			facts: facts.map((fact) => fact.details),
			latitudes: track.lat,
			readings,
			distanceKm,
			lastHour: health.readingsLastHour,
		};
	}

	test('the organization sees all of it', async () => {
		expect(await seen(scopeOf())).toEqual({
			speeds: [10, 20, 30],
			facts: [{ hours: 2 }, { hours: 1 }, { hours: -1 }, { hours: -2 }],
			latitudes: [1, 2, 3],
			readings: 3,
			distanceKm: 30,
			lastHour: 2,
		});
	});

	test('a customer sees it from the hand-over on', async () => {
		expect(await seen(scopeOf({ customerNos: [customerB] }))).toEqual({
			speeds: [20, 30],
			facts: [{ hours: 2 }, { hours: 1 }],
			latitudes: [2, 3],
			readings: 2,
			distanceKm: 20,
			lastHour: 2,
		});
	});

	test('who had it before finds no such device any more, nor does anybody outside', async () => {
		for (const scope of [
			scopeOf({ customerNos: [customerA] }),
			scopeOf({ customerNos: [] }),
			scopeOf({ dealerNo: 1 }),
			scopeOf({ deviceNos: [] }),
			scopeOf({ organizationNo: otherOrganizationNo }),
		]) {
			await expect(visible('HAND-1', scope)).rejects.toMatchObject({ code: 'not_found' });
			expect(await readDevice(db.database, scope, { deviceId: 'HAND-1' })).toBeUndefined();
		}
	});

	test('facts come in pages, none twice', async () => {
		const found = await visible('HAND-1');
		const first = await readFacts(db.database, found, { limit: 3 });
		expect(first.hasMore).toBe(true);
		const before = first.facts.at(-1)?.factNo;
		const second = await readFacts(db.database, found, { limit: 3, before });
		expect(second).toMatchObject({ hasMore: false, facts: [{ details: { hours: -2 } }] });
	});
});

test('a day is that of the time zone, also where clocks change', async () => {
	const deviceNo = await device('DAY-1');
	await store(deviceNo, [
		{ atMs: Date.UTC(2026, 10, 15, 18, 29), lat: 1, lon: 1 },
		{ atMs: Date.UTC(2026, 10, 15, 18, 30), lat: 2, lon: 2 },
		{ atMs: Date.UTC(2026, 10, 16, 18, 29), speedKmh: 5 },
		{ atMs: Date.UTC(2026, 10, 16, 18, 30), lat: 4, lon: 4 },
	]);
	const found = await visible('DAY-1');
	const day = await readTrack(db.database, found, '2026-11-16', 'Asia/Kolkata');
	expect(day).toMatchObject({ isReduced: false, readings: 2, distanceKm: null });
	expect(day.track).toMatchObject({ lat: [2, null], speedKmh: [null, 5] });
	const autumn = await readTrack(db.database, found, '2026-10-25', 'Europe/Berlin');
	expect(autumn.toMs - autumn.fromMs).toBe(25 * hourMs);
});

test('of a dense day the route keeps the ends of it and the highest speed', async () => {
	const deviceNo = await device('DENSE-1');
	const count = maxTrackPoints + 1_000;
	const readings = Array.from({ length: count }, (_, index) => ({
		atMs: mondayMs + index * 5_000,
		speedKmh: index === 3_333 ? 99 : index % 40,
		lat: index / 1000,
		lon: 1,
	}));
	await store(deviceNo, readings);
	const { track, ...day } = await readTrack(
		db.database,
		await visible('DENSE-1'),
		'2026-11-16',
		'UTC',
	);
	expect(day).toMatchObject({ isReduced: true, readings: count });
	expect(track.atMs.length).toBeLessThanOrEqual(maxTrackPoints);
	expect(track.atMs[0]).toBe(mondayMs);
	expect(track.atMs[track.speedKmh.indexOf(99)]).toBe(mondayMs + 3_333 * 5_000);
	expect(track.atMs).toEqual([...track.atMs].sort((a, b) => a - b));
});

test('health counts the last hour, and what came late in the last day', async () => {
	const deviceNo = await device('HEALTH-1');
	const nowMs = mondayMs + dayMs;
	await store(deviceNo, [
		{ atMs: nowMs - 25 * hourMs, receivedAtMs: nowMs, speedKmh: 1 },
		{ atMs: nowMs - 3 * hourMs, receivedAtMs: nowMs - hourMs, speedKmh: 1 },
		{ atMs: nowMs - 1000, receivedAtMs: nowMs, speedKmh: 1 },
	]);
	expect(await readHealth(db.database, await visible('HEALTH-1'), nowMs)).toEqual({
		readingsLastHour: 1,
		lateReadings: 1,
		longestDelaySeconds: 7_200,
	});
	const silent = await device('HEALTH-2').then(() => visible('HEALTH-2'));
	expect(await readHealth(db.database, silent, nowMs)).toEqual({
		readingsLastHour: 0,
		lateReadings: 0,
		longestDelaySeconds: null,
	});
});

test('a device shows what it said, and nothing it never said', async () => {
	const deviceNo = await device('STATE-1');
	const before = await readDevice(db.database, scopeOf(), { deviceNo });
	expect(before?.state).toMatchObject({ values: {}, sensors: {}, lastHeardAtMs: null });
	await db.database
		.insertInto('device_state')
		.values({
			device_no: deviceNo,
			revision: 1,
			last_heard_at: new Date(mondayMs),
			position_at: new Date(mondayMs - 1000),
			lat: 12.5,
			ignition: false,
			firmware: '4.2.1',
			sensors: JSON.stringify({ packs: 2 }),
		})
		.execute();
	const after = await readDevice(db.database, scopeOf(), { deviceId: 'STATE-1' });
	expect(after?.state).toMatchObject({
		lastHeardAtMs: mondayMs,
		positionAtMs: mondayMs - 1000,
		powerAtMs: null,
		values: { lat: 12.5, ignition: false, firmware: '4.2.1' },
		sensors: { packs: 2 },
	});
});
