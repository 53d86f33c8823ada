import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceFamilies, runStates } from '#contract/family.ts';
import type { Scope } from '#contract/scope.ts';
import { notCommunicatingAfterMs, offlineAfterMs, statusAt } from '#contract/status.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { fleetQuerySchema, fleetSorts } from '../contract.ts';
import { countFleet, readFleetDevice, readFleetDevices, readFleetPage } from './store.ts';

const nowMs = Date.UTC(2026, 10, 20, 9);
const hourMs = 3_600_000;
let db: TestDatabase;
let scope: Scope;

beforeAll(async () => {
	db = await createTestDatabase();
	scope = {
		organizationNo: await organization('Harbour'),
		dealerNo: null,
		customerNos: null,
		deviceNos: null,
	};
});
afterAll(() => db.drop());

async function organization(name: string): Promise<number> {
	const row = await db.database
		.insertInto('organization')
		.values({ name, time_zone: 'UTC', country: 'IN', locale: 'en-IN' })
		.returning('organization_no')
		.executeTakeFirstOrThrow();
	return row.organization_no;
}

interface Given {
	readonly deviceId: string;
	readonly organizationNo?: number;
	readonly hoursAgo?: number;
	readonly socPct?: number | null;
	readonly speedKmh?: number;
	readonly firmware?: string;
}

async function device(given: Given): Promise<number> {
	const { device_no } = await db.database
		.insertInto('device')
		.values({
			device_id: given.deviceId,
			organization_no: given.organizationNo ?? scope.organizationNo,
			family: 'ev',
		})
		.returning('device_no')
		.executeTakeFirstOrThrow();
	if (given.hoursAgo !== undefined)
		await db.database
			.insertInto('device_state')
			.values({
				device_no,
				revision: 1,
				last_heard_at: new Date(nowMs - given.hoursAgo * hourMs),
				ignition: true,
				speed_kmh: given.speedKmh ?? 0,
				soc_pct: given.socPct ?? null,
				firmware: given.firmware ?? null,
			})
			.execute();
	return device_no;
}

test('the status rule in SQL equals the one in the contract', async () => {
	const ageMs = fc.oneof(
		fc.integer({ min: -hourMs, max: 80 * hourMs }),
		fc.constantFrom(
			offlineAfterMs,
			offlineAfterMs + 1,
			notCommunicatingAfterMs - 1,
			notCommunicatingAfterMs,
		),
	);
	const state = fc.record({
		family: fc.constantFrom(...deviceFamilies),
		charging: fc.option(fc.boolean(), { nil: null }),
		ignition: fc.option(fc.boolean(), { nil: null }),
		speedKmh: fc.option(fc.constantFrom(0, 0.1, 45), { nil: null }),
		runState: fc.option(fc.constantFrom(...runStates, 'unheard of'), { nil: null }),
		ageMs: fc.option(ageMs, { nil: null }),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 50 }), async (states) => {
			const heardAtMs = (ageMs: number | null) => (ageMs === null ? null : nowMs - ageMs);
			const rows = await Promise.all(
				states.map((one) => {
					const heard = heardAtMs(one.ageMs);
					return sql<{
						status: string;
					}>`select device_status(${one.family}, ${one.charging}, ${one.ignition},
						${one.speedKmh}::real, ${one.runState}, ${heard === null ? null : new Date(heard)}::timestamptz,
						${new Date(nowMs)}::timestamptz) as status`.execute(db.database);
				}),
			);
			expect(rows.map((row) => row.rows[0]?.status)).toEqual(
				states.map((one) =>
					statusAt({ ...one, isEngine: one.family !== 'ev' }, heardAtMs(one.ageMs), nowMs),
				),
			);
		}),
		{ numRuns: 30 },
	);
});

describe('the fleet in scope', () => {
	beforeAll(async () => {
		await device({ deviceId: 'EV-100', hoursAgo: 0, socPct: 40, speedKmh: 12, firmware: '4.2.1' });
		await device({ deviceId: 'EV-200', hoursAgo: 0, socPct: 80, firmware: '4.2.0' });
		await device({ deviceId: 'EV-300', hoursAgo: 30, socPct: null });
		await device({ deviceId: 'EV-400' });
		await device({
			deviceId: 'EV-999',
			organizationNo: await organization('Foreign'),
			hoursAgo: 0,
		});
	});

	const page = async (query: object) =>
		(await readFleetPage(db.database, scope, fleetQuerySchema.parse(query), nowMs)).map(
			(row) => row.deviceId,
		);

	test('is sorted with the unknown last in either direction', async () => {
		expect(await page({ sort: 'soc', direction: 'asc' })).toEqual([
			'EV-100',
			'EV-200',
			'EV-300',
			'EV-400',
		]);
		expect(await page({ sort: 'soc', direction: 'desc' })).toEqual([
			'EV-200',
			'EV-100',
			'EV-300',
			'EV-400',
		]);
	});

	test('pages join without gap or overlap, whatever the order', async () => {
		for (const sort of fleetSorts) {
			const pages = await Promise.all(
				[1, 2, 3].map((number) => page({ sort, page: number, pageSize: 2 })),
			);
			expect(pages.flat().sort(), sort).toEqual(['EV-100', 'EV-200', 'EV-300', 'EV-400']);
		}
	});

	test('is searched literally and filtered by status', async () => {
		expect(await page({ q: '4.2.' })).toHaveLength(2);
		expect(await page({ q: 'ev-3' })).toEqual(['EV-300']);
		expect(await page({ q: '%' })).toEqual([]);
		expect(await page({ q: 'EV_100' })).toEqual([]);
		expect(await page({ status: 'moving,offline' })).toEqual(['EV-100', 'EV-300']);
		expect(await page({ q: 'EV-999' })).toEqual([]);
	});

	test('is counted by status', async () => {
		expect(await countFleet(db.database, scope, { q: '' }, nowMs)).toEqual({
			moving: 1,
			stopped: 1,
			ignition_off: 0,
			charging: 0,
			offline: 1,
			not_communicating: 1,
		});
	});

	test('shows no device outside, by id or by number', async () => {
		expect(await readFleetDevice(db.database, scope, 'EV-100', nowMs)).toMatchObject({
			deviceId: 'EV-100',
			status: 'moving',
			lastHeardAtMs: nowMs,
		});
		expect(await readFleetDevice(db.database, scope, 'EV-999', nowMs)).toBeUndefined();
		const all = await db.database.selectFrom('device').select('device_no').execute();
		const deviceNos = all.map((row) => row.device_no);
		expect(await readFleetDevices(db.database, scope, deviceNos, nowMs)).toHaveLength(4);
	});
});
