import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceFamilies, runStates } from '#contract/family.ts';
import type { Scope } from '#contract/scope.ts';
import {
	activityStatus,
	notCommunicatingAfterMs,
	offlineAfterMs,
	statusAt,
} from '#contract/status.ts';
import { numberOf, textOf } from '#ingest/snapshot.ts';
import { activityOf } from '#ingest/status-inputs.ts';
import { readAllSnapshots } from '#ingest/store/snapshots.ts';
import { FleetIndex } from '#live/fleet-index.ts';
import { FleetQueries } from '#live/fleet-queries.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { until } from '../../../../tests/harness/until.ts';
import { fleetSorts, listFleet } from '../contract.ts';
import { NameOrder } from './name-order.ts';
import { serveFleetRoutes } from './routes.ts';
import { readFleetDevice, readFleetDevices } from './store.ts';

const nowMs = Date.UTC(2026, 10, 20, 9);
const hourMs = 3_600_000;
let db: TestDatabase;
let scope: Scope;
const deviceNos = new Map<string, number>();

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

async function device(given: Given): Promise<void> {
	const { device_no } = await db.database
		.insertInto('device')
		.values({
			device_id: given.deviceId,
			organization_no: given.organizationNo ?? scope.organizationNo,
			family: 'ev',
		})
		.returning('device_no')
		.executeTakeFirstOrThrow();
	deviceNos.set(given.deviceId, device_no);
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
	let app: FastifyInstance;
	let queries: FleetQueries;
	const index = new FleetIndex();

	beforeAll(async () => {
		await device({ deviceId: 'EV-100', hoursAgo: 0, socPct: 40, speedKmh: 12, firmware: '4.10.1' });
		await device({ deviceId: 'EV-200', hoursAgo: 0, socPct: 80, firmware: '4.9.0' });
		await device({ deviceId: 'EV-300', hoursAgo: 30, socPct: null });
		await device({ deviceId: 'EV-400' });
		const foreign = await organization('Foreign');
		await device({ deviceId: 'EV-999', organizationNo: foreign, hoursAgo: 0, firmware: '9.9.9' });
		await fillIndex();
		queries = new FleetQueries(index, createLog('silent'));
		app = await createHttpServer({
			log: createLog('silent'),
			publicUrl: null,
			version: '0',
			isDatabaseUp: () => true,
			requestsPerMinute: 10_000,
			identify: async () => ({
				userId: 'u',
				credential: { kind: 'session', sessionId: 's' },
				email: 'e@example.com',
				name: 'E',
				role: 'admin',
				misRole: 'user',
				scope,
				organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
			}),
		});
		serveFleetRoutes(app, { database: db.database, index, queries, clock: () => nowMs });
	});
	afterAll(async () => {
		await queries.stop();
		await app.close();
	});

	async function fillIndex(): Promise<void> {
		const client = await db.pool.connect();
		for await (const snapshots of readAllSnapshots(client))
			for (const snapshot of snapshots) {
				const { deviceNo } = snapshot.registration;
				index.place(snapshot.registration, nowMs);
				const heard = snapshot.lastHeardAtMs;
				index.update(
					deviceNo,
					{
						revision: snapshot.revision,
						lastHeardAtMs: heard === Number.NEGATIVE_INFINITY ? null : heard,
						activity: activityStatus(activityOf(snapshot)),
						socPct: numberOf(snapshot.values, 'soc_pct'),
						rangeKm: null,
						odometerKm: null,
						speedKmh: numberOf(snapshot.values, 'speed_kmh'),
						signal: null,
						firmware: textOf(snapshot.values, 'firmware'),
						lat: null,
						lon: null,
						headingDeg: null,
					},
					nowMs,
				);
			}
		client.release();
		const names = new NameOrder(db.pool, index, createLog('silent'));
		names.changed();
		await until(() => expect(index.nameRank(deviceNos.get('EV-999') ?? 0)).toBe(4));
		names.stop();
	}

	const list = async (query: Record<string, string>) => {
		const reply = await app.inject({ url: '/api/fleet/devices', query });
		expect(reply.statusCode, reply.body).toBe(200);
		return listFleet.reply.parse(reply.json());
	};
	const ids = async (query: Record<string, string>) =>
		(await list(query)).rows.map((row) => row.deviceId);

	test('is sorted with the unknown last in either direction', async () => {
		const known = ['EV-100', 'EV-200'];
		const unknown = ['EV-300', 'EV-400'];
		expect(await ids({ sort: 'soc', direction: 'asc' })).toEqual([...known, ...unknown]);
		expect(await ids({ sort: 'soc', direction: 'desc' })).toEqual([
			...known.toReversed(),
			...unknown,
		]);
		expect(await ids({ sort: 'firmware', direction: 'asc' })).toEqual([
			...known.toReversed(),
			...unknown,
		]);
		expect(await ids({ sort: 'vin', direction: 'desc' })).toEqual(
			[...known, ...unknown].toReversed(),
		);
	});

	test('pages join without gap or overlap, whatever the order', async () => {
		for (const sort of fleetSorts) {
			const pages = await Promise.all(
				['1', '2', '3'].map((page) => ids({ sort, page, pageSize: '2' })),
			);
			expect(pages.flat().sort(), sort).toEqual(['EV-100', 'EV-200', 'EV-300', 'EV-400']);
		}
	});

	test('is searched literally and filtered', async () => {
		expect(await ids({ q: '4.' })).toEqual(['EV-100', 'EV-200']);
		expect(await ids({ q: 'ev-3' })).toEqual(['EV-300']);
		for (const q of ['%', 'EV_100', 'EV-999', '9.9.9']) expect(await ids({ q }), q).toEqual([]);
		expect(await ids({ status: 'moving,offline' })).toEqual(['EV-100', 'EV-300']);
		expect(await ids({ firmware: '4.9.0' })).toEqual(['EV-200']);
		expect(await ids({ firmware: 'never heard of' })).toEqual([]);
		expect(await ids({ family: 'ultra' })).toEqual([]);
	});

	test('is counted by status, whatever statuses are chosen', async () => {
		const { counts, total, totalIsExact } = await list({ status: 'offline' });
		expect({ total, totalIsExact }).toEqual({ total: 1, totalIsExact: true });
		expect(counts).toEqual({
			moving: 1,
			stopped: 1,
			ignition_off: 0,
			charging: 0,
			offline: 1,
			not_communicating: 1,
		});
	});

	test('offers filters of the scope alone', async () => {
		const reply = await app.inject({ url: '/api/fleet/filters' });
		expect(reply.json()).toEqual({ dealers: [], customers: [], firmwares: ['4.9.0', '4.10.1'] });
	});

	test('shows no device outside, by id or by number', async () => {
		expect(await readFleetDevice(db.database, scope, 'EV-100', nowMs)).toMatchObject({
			deviceId: 'EV-100',
			status: 'moving',
			lastHeardAtMs: nowMs,
		});
		expect(await readFleetDevice(db.database, scope, 'EV-999', nowMs)).toBeUndefined();
		expect(await readFleetDevices(db.database, scope, [...deviceNos.values()], nowMs)).toHaveLength(
			4,
		);
	});
});
