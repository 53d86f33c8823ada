import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { mercatorX } from '#contract/mercator.ts';
import { goneStatus, readChanges, readSnapshot, statusByte } from '#contract/position-record.ts';
import type { Scope } from '#contract/scope.ts';
import { statuses } from '#contract/status.ts';
import { FleetIndex } from '#live/fleet-index.ts';
import { LiveHub } from '#live/hub.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createLocations } from '#modules/locations/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { registerDevices } from '#modules/products/server/index.ts';
import { createMember, type NewMember } from '#modules/users/server/index.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { listMapCustomers, mapDeviceSchema, searchMap, showMapRegions } from '../contract.ts';
import { FleetMap } from './index.ts';
import type { MapQuestion } from './map-question.ts';
import { PositionFeed } from './position-feed.ts';

const password = 'a sentence works well';
const index = new FleetIndex();
const numbers = new Map<string, number>();
let db: TestDatabase;
let portal: TestPortal;
let map: FleetMap;
let harbourNo: number;
let foreignNo: number;
let dealerNo: number;
let lotusNo: number;
let sunriseNo: number;

beforeAll(async () => {
	db = await createTestDatabase();
	harbourNo = await organization('Harbour', 'harbour.example');
	foreignNo = await organization('Foreign', 'foreign.example');
	dealerNo = await createDealer(db.database, harbourNo, { name: 'Wheels', city: null });
	lotusNo = await customer('Lotus', dealerNo, ' pune');
	sunriseNo = await customer('Sunrise', null, 'Surat');
	const maharashtra = { state: 'Maharashtra', country: 'IN', zone: 'West' };
	await createLocations(db.database, harbourNo, [
		{ ...maharashtra, city: 'Pune', district: 'Pune', lat: 18.52, lon: 73.86 },
		{ ...maharashtra, city: 'Mumbai', district: 'Mumbai City', lat: 19.08, lon: 72.88 },
		{
			city: 'Suva',
			district: 'Rewa',
			state: 'Central',
			country: 'FJ',
			zone: null,
			lat: -18.1,
			lon: 178.4,
		},
	]);
	await device('AT-PUNE', harbourNo, lotusNo, [18.5, 73.9]);
	await device('AT-MUMBAI', harbourNo, lotusNo, [19.1, 72.9]);
	await device('EAST-OF-SUVA', harbourNo, sunriseNo, [-17, -179.5]);
	await device('REGISTERED-IN-PUNE', harbourNo, lotusNo, null);
	await device('NOWHERE', harbourNo, sunriseNo, null);
	await device('FOREIGN', foreignNo, null, [18.5, 73.9]);
	await member('admin', harbourNo, 'admin');
	await member('dealer', harbourNo, 'dealer', { dealerNo });
	await member('customer', harbourNo, 'customer', { customerNos: [sunriseNo] });

	map = new FleetMap({ database: db.database, index, clock: Date.now, log: createLog('silent') });
	portal = await startPortal(db, {
		add: async ({ app }) => {
			const hub = new LiveHub({ isDatabaseUp: () => true, onFlush: () => map.flush() });
			await hub.register(app);
			map.serve(app, hub);
		},
	});
});
afterAll(async () => {
	await portal.close();
	await map.stop();
	await db.drop();
});

function organization(name: string, host: string): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts: [host],
	});
}

function customer(name: string, ofDealerNo: number | null, city: string): Promise<number> {
	const facts = { email: null, mobile: null, address: null, pinCode: null };
	return createCustomer(db.database, harbourNo, { ...facts, name, dealerNo: ofDealerNo, city });
}

function member(
	name: string,
	organizationNo: number,
	role: NewMember['role'],
	narrowed: Partial<NewMember> = {},
): Promise<string> {
	const whole = { dealerNo: null, customerNos: null };
	const email = `${name}@example.com`;
	const facts = { organizationNo, name, email, password, role, ...whole, ...narrowed };
	return createMember(db.database, facts);
}

async function device(
	deviceId: string,
	organizationNo: number,
	customerNo: number | null,
	position: readonly [lat: number, lon: number] | null,
): Promise<void> {
	const ofDealerNo = customerNo === lotusNo ? dealerNo : null;
	const facts = { telematicsId: null, name: null, simNo: null, transport: null, vehicle: null };
	const [registered] = await registerDevices(db.database, organizationNo, [
		{ ...facts, deviceId, family: 'ev', customerNo, dealerNo: ofDealerNo },
	]);
	const deviceNo = registered?.deviceNo ?? 0;
	numbers.set(deviceId, deviceNo);
	index.place(
		{ deviceNo, organizationNo, customerNo, dealerNo: ofDealerNo, family: 'ev', vehicleNo: null },
		Date.now(),
	);
	if (position !== null) moveTo(index, deviceNo, position, 1);
}

function moveTo(
	fleet: FleetIndex,
	deviceNo: number,
	[lat, lon]: readonly [lat: number, lon: number],
	revision: number,
): void {
	const unknown = { rangeKm: null, odometerKm: null, signal: null, firmware: null };
	fleet.update(
		deviceNo,
		{
			...unknown,
			revision,
			lastHeardAtMs: Date.now(),
			activity: 'moving',
			socPct: 61.4,
			speedKmh: 33,
			headingDeg: 90,
			lat,
			lon,
		},
		Date.now(),
	);
}

async function ask(name: string, path: string): Promise<Response> {
	const cookie = await portal.signIn(`${name}@example.com`, password);
	return portal.send(path, { cookie, host: 'harbour.example' });
}

async function read<Schema extends z.ZodType>(
	name: string,
	path: string,
	schema: Schema,
): Promise<z.output<Schema>> {
	return schema.parse(await (await ask(name, path)).json());
}

async function snapshotNos(name: string, query = ''): Promise<string[]> {
	const answer = await ask(name, `/api/map/snapshot${query}`);
	const { deviceNos } = readSnapshot(await answer.arrayBuffer());
	const names = new Map([...numbers].map(([deviceId, deviceNo]) => [deviceNo, deviceId]));
	return [...deviceNos].map((deviceNo) => names.get(deviceNo) ?? '?');
}

describe('the snapshot', () => {
	test('is bytes with a record for each device in scope', async () => {
		const answer = await ask('admin', '/api/map/snapshot');
		expect(answer.headers.get('content-type')).toBe('application/octet-stream');
		const snapshot = readSnapshot(await answer.arrayBuffer());
		expect(snapshot.deviceNos).toHaveLength(5);
		const place = snapshot.deviceNos.indexOf(numbers.get('AT-PUNE') ?? 0);
		expect(snapshot.words[place * 3]).toBe(mercatorX(73.9));
		expect([...snapshot.bytes.slice(place * 12 + statusByte, place * 12 + 12)]).toEqual([
			statuses.indexOf('moving'),
			64,
			61,
			33,
		]);
	});

	test('holds what the reader may see and chose, nothing else', async () => {
		const lotus = ['AT-PUNE', 'AT-MUMBAI', 'REGISTERED-IN-PUNE'];
		expect(await snapshotNos('dealer')).toEqual(lotus);
		expect(await snapshotNos('customer')).toEqual(['EAST-OF-SUVA', 'NOWHERE']);
		expect(await snapshotNos('admin', `?customerNo=${lotusNo}`)).toEqual(lotus);
		expect(await snapshotNos('customer', `?customerNo=${lotusNo}`)).toEqual([]);
	});

	test('of one city holds the devices that count there', async () => {
		const { countries } = await read('admin', '/api/map/regions', showMapRegions.reply);
		const cities = countries.flatMap(({ states }) => states.flatMap((state) => state.cities));
		const pune = cities.find(({ city }) => city === 'Pune')?.locationNo;
		expect(await snapshotNos('admin', `?locationNo=${pune}`)).toEqual([
			'AT-PUNE',
			'REGISTERED-IN-PUNE',
		]);
		expect(await snapshotNos('customer', `?locationNo=${pune}`)).toEqual([]);
	});
});

describe('the regions', () => {
	const totals = (counts: Record<string, number>) =>
		Object.values(counts).reduce((sum, count) => sum + count, 0);

	async function regions(name: string) {
		const { countries, elsewhere } = await read(name, '/api/map/regions', showMapRegions.reply);
		return {
			cities: countries.flatMap(({ country, states }) =>
				states.flatMap(({ state, cities }) =>
					cities.map(({ city, counts }) => `${country}/${state}/${city} ${totals(counts)}`),
				),
			),
			elsewhere: totals(elsewhere),
		};
	}

	test('count each device once: by position, else by its customer, also across the antimeridian', async () => {
		expect(await regions('admin')).toEqual({
			cities: ['FJ/Central/Suva 1', 'IN/Maharashtra/Mumbai 1', 'IN/Maharashtra/Pune 2'],
			elsewhere: 1,
		});
	});

	test('count only what the reader may see', async () => {
		expect(await regions('dealer')).toEqual({
			cities: ['IN/Maharashtra/Mumbai 1', 'IN/Maharashtra/Pune 2'],
			elsewhere: 0,
		});
		expect(await regions('customer')).toEqual({ cities: ['FJ/Central/Suva 1'], elsewhere: 1 });
	});
});

test('a device is described to who may see it; to others there is none', async () => {
	const path = (deviceId: string) => `/api/map/devices/${numbers.get(deviceId)}`;
	await read('admin', '/api/map/regions', showMapRegions.reply);
	const device = await read('admin', path('AT-MUMBAI'), mapDeviceSchema);
	expect(device).toMatchObject({ deviceId: 'AT-MUMBAI', near: 'Mumbai', customerName: 'Lotus' });
	expect((await ask('admin', path('FOREIGN'))).status).toBe(404);
	expect((await ask('customer', path('AT-MUMBAI'))).status).toBe(404);
});

test('search and customers stay inside the scope', async () => {
	const search = async (name: string, q: string) =>
		(await read(name, `/api/map/search?q=${q}`, searchMap.reply)).devices.map(
			(each) => each.deviceId,
		);
	expect(await search('admin', 'at-')).toEqual(['AT-MUMBAI', 'AT-PUNE']);
	expect(await search('customer', 'at-')).toEqual([]);
	expect(await search('admin', 'FOREIGN')).toEqual([]);
	expect(await search('admin', '%25%25')).toEqual([]);
	const customers = async (name: string) =>
		(await read(name, '/api/map/customers', listMapCustomers.reply)).customers.map(
			(each) => each.name,
		);
	expect(await customers('admin')).toEqual(['Lotus', 'Sunrise']);
	expect(await customers('customer')).toEqual(['Sunrise']);
});

describe('the feed of positions', () => {
	const scope: Scope = { organizationNo: 1, dealerNo: 7, customerNos: null, deviceNos: null };
	const question: MapQuestion = { scope, customerNo: null, locationNo: null };

	function setUp(asked: MapQuestion) {
		const fleet = new FleetIndex();
		for (const [deviceNo, ofDealerNo] of [
			[1, 7],
			[2, 8],
		] as const)
			place(fleet, deviceNo, ofDealerNo);
		const feed = new PositionFeed(fleet, () => new Int32Array(8));
		const told: [deviceNo: number, isGone: boolean][] = [];
		const end = feed.watch({
			question: asked,
			send({ buffer }) {
				const { words, bytes } = readChanges(buffer);
				for (let word = 0; word < words.length; word += 4)
					told.push([words[word] ?? 0, bytes[(word + 1) * 4 + statusByte] === goneStatus]);
			},
		});
		return { fleet, feed, told, end };
	}

	function place(fleet: FleetIndex, deviceNo: number, ofDealerNo: number): void {
		const belonging = { organizationNo: 1, customerNo: null, dealerNo: ofDealerNo };
		fleet.place({ deviceNo, family: 'ev', vehicleNo: null, ...belonging }, Date.now());
	}

	test('tells of each changed device once a flush, and only of those in scope', () => {
		const { feed, told, end } = setUp(question);
		feed.touch(1);
		feed.touch(1);
		feed.touch(2);
		feed.flush(Date.now());
		expect(told).toEqual([[1, false]]);
		feed.flush(Date.now());
		end();
		feed.touch(1);
		feed.flush(Date.now());
		expect(told).toHaveLength(1);
	});

	test('takes a device away that changed hands, without a word of those never seen', () => {
		const { fleet, feed, told } = setUp(question);
		for (const deviceNo of [1, 2]) {
			feed.replaced(deviceNo, fleet.belonging(deviceNo));
			place(fleet, deviceNo, 9);
		}
		feed.flush(Date.now());
		expect(told).toEqual([[1, true]]);
	});

	test('takes a device away that is retired, and one that the filter leaves out', () => {
		const { fleet, feed, told } = setUp({ ...question, customerNo: 5 });
		feed.touch(1);
		feed.flush(Date.now());
		feed.replaced(1, fleet.belonging(1));
		fleet.remove(1);
		feed.flush(Date.now());
		expect(told).toEqual([
			[1, true],
			[1, true],
		]);
	});
});
