import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { createCustomer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { cellsOf, unzip } from '../../../../tests/harness/workbook.ts';
import { type LocationEdit, locationPageSchema, locationRowSchema } from '../contract.ts';
import { serveLocations } from './index.ts';

const password = 'a sentence works well';
const pune: LocationEdit = {
	city: 'Pune',
	district: 'Pune',
	state: 'Maharashtra',
	country: 'IN',
	zone: 'West',
	lat: 18.52,
	lon: 73.86,
};
const fes: LocationEdit = {
	city: 'Fès',
	district: 'Fès',
	state: 'Fès-Meknès',
	country: 'MA',
	zone: null,
	lat: 34.03,
	lon: -5,
};

let db: TestDatabase;
let portal: TestPortal;
let harbour: number;
let island: number;
let customerNos: number[];
const cookies = new Map<string, string>();
const changed: number[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	portal = await startPortal(db, {
		add: async ({ app }) =>
			serveLocations(app, {
				pool: db.pool,
				database: db.database,
				countDevices: async () => new Map(),
				locationsChanged: (organizationNo) => changed.push(organizationNo),
			}),
	});
	harbour = await newOrganization('Harbour', []);
	island = await newOrganization('Island', ['island.example']);
	customerNos = [];
	for (const name of ['Sunrise', 'Tide', 'Wharf', 'Yard'])
		customerNos.push(
			await createCustomer(db.database, harbour, {
				name,
				dealerNo: null,
				email: null,
				mobile: null,
				address: null,
				city: null,
				pinCode: null,
			}),
		);
	await newMember(harbour, 'admin', 'admin', null);
	await newMember(harbour, 'operation', 'operation', null);
	await newMember(harbour, 'narrowed', 'admin', customerNos.slice(0, 1));
	await newMember(harbour, 'customer', 'customer', customerNos.slice(0, 1));
	await newMember(island, 'foreign', 'admin', null);
});
beforeEach(async () => {
	await db.pool.query('update customer set location_no = null');
	await db.pool.query('delete from location');
	changed.length = 0;
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

function newOrganization(name: string, hosts: string[]): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts,
	});
}

async function newMember(
	organizationNo: number,
	name: string,
	role: Role,
	customers: number[] | null,
): Promise<void> {
	const email = `${name}@example.org`;
	await createMember(db.database, {
		organizationNo,
		name,
		email,
		password,
		role,
		dealerNo: null,
		customerNos: customers,
	});
	cookies.set(name, await portal.signIn(email, password));
}

function ask(
	path: string,
	{ who = 'admin', ...request }: { who?: string; method?: string; body?: unknown } = {},
): Promise<Response> {
	const host = who === 'foreign' ? { host: 'island.example' } : {};
	return portal.send(`/api/admin/${path}`, {
		cookie: cookies.get(who) ?? '',
		...host,
		...request,
	});
}

async function add(location: LocationEdit, who = 'admin'): Promise<number> {
	const answer = await ask('locations', { body: location, who });
	expect(answer.status).toBe(200);
	return locationRowSchema.parse(await answer.json()).locationNo;
}

function edit(locationNo: number, before: LocationEdit, after: LocationEdit, who = 'admin') {
	return ask(`locations/${locationNo}`, { method: 'PUT', body: { before, after }, who });
}

function remove(locationNos: number[], who = 'admin', confirm = 'confirm') {
	return ask('locations/delete', { body: { locationNos, confirm }, who });
}

async function list(query = '', who = 'admin') {
	return locationPageSchema.parse(await (await ask(`locations?${query}`, { who })).json());
}

async function register(customerNo: number | undefined, locationNo: number): Promise<void> {
	await db.pool.query('update customer set location_no = $2 where customer_no = $1', [
		customerNo,
		locationNo,
	]);
}

async function audited(locationNo: number) {
	const { rows } = await db.pool.query(
		`select action, before, after from audit_entry where subject_id = $1 order by audit_no`,
		[`location-${locationNo}`],
	);
	return rows;
}

test('is added, changed and deleted, each told at once and kept in the audit log', async () => {
	const locationNo = await add(pune);
	const after = { ...pune, zone: 'South' };
	expect((await edit(locationNo, pune, after)).status).toBe(200);
	expect((await list()).rows).toMatchObject([{ locationNo, ...after, customers: 0, devices: 0 }]);
	expect((await remove([locationNo])).status).toBe(200);
	expect((await list()).rows).toEqual([]);
	expect(changed).toEqual([harbour, harbour, harbour]);
	expect(await audited(locationNo)).toEqual([
		{ action: 'location.add', before: null, after: pune },
		{ action: 'location.edit', before: pune, after },
		{ action: 'location.delete', before: after, after: null },
	]);
});

test('the second editor hears what the first one changed, and nothing is saved', async () => {
	const locationNo = await add(pune);
	const answers = await Promise.all([
		edit(locationNo, pune, { ...pune, zone: 'South' }),
		edit(locationNo, pune, { ...pune, city: 'Poona', zone: 'North' }),
	]);
	expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
	const refused = answers.find(({ status }) => status === 409);
	expect(await refused?.json()).toMatchObject({
		code: 'changed_meanwhile',
		detail: expect.stringMatching(/Zone is now “(South|North)”/),
	});
	expect(await audited(locationNo)).toHaveLength(2);
	expect(changed).toHaveLength(2);
});

test.each([
	[pune, 409],
	[{ ...pune, city: 'PUNE', state: 'maharashtra' }, 409],
	[{ ...pune, district: 'Haveli' }, 200],
	[{ ...pune, country: 'XX' }, 400],
	[{ ...pune, country: '' }, 400],
	[{ ...pune, city: ' ' }, 400],
	[{ ...pune, lat: 90.1 }, 400],
	[{ ...pune, lon: null }, 400],
])('beside Pune %j answers %i', async (location, status) => {
	await add(pune);
	const answer = await ask('locations', { body: location });
	expect(answer.status).toBe(status);
	if (status === 409)
		expect(await answer.json()).toMatchObject({
			code: 'already_in_use',
			fields: [{ path: 'body.city' }],
		});
});

test('what customers are registered in stays, and all of a deletion with it', async () => {
	const [first, second] = [await add(pune), await add(fes)];
	for (const customerNo of customerNos) await register(customerNo, second);
	const answer = await remove([first, second]);
	expect([answer.status, await answer.json()]).toMatchObject([
		409,
		{
			code: 'still_in_use',
			detail:
				'The location Fès cannot be deleted: 4 customers are registered there (Sunrise, Tide, Wharf and 1 more). Register them elsewhere first.',
		},
	]);
	expect((await list()).total).toBe(2);
	expect(await audited(first)).toHaveLength(1);
	await db.pool.query('update customer set location_no = null');
	expect((await remove([first, second, second])).status).toBe(200);
	expect((await list()).total).toBe(0);
});

test('deleting asks for the typed word', async () => {
	const locationNo = await add(pune);
	expect((await remove([locationNo], 'admin', 'yes')).status).toBe(400);
	expect((await list()).total).toBe(1);
});

test('counts the customers that the reader sees', async () => {
	const locationNo = await add(pune);
	for (const customerNo of customerNos) await register(customerNo, locationNo);
	expect((await list()).rows[0]?.customers).toBe(4);
	expect((await list('', 'narrowed')).rows[0]?.customers).toBe(1);
});

test('another organization has its own, and finds none of these by any way', async () => {
	const [own, foreign] = [await add(pune), await add(fes, 'foreign')];
	expect((await list('', 'foreign')).rows.map((row) => row.city)).toEqual(['Fès']);
	expect((await ask(`locations/${own}`, { who: 'foreign' })).status).toBe(404);
	expect((await edit(own, pune, fes, 'foreign')).status).toBe(404);
	expect((await remove([own], 'foreign')).status).toBe(404);
	expect((await remove([own, foreign], 'foreign')).status).toBe(404);
	for (const path of [
		'locations?q=pune',
		'location-filters?filter=state',
		`location-options?locationNo=${own}`,
	])
		expect(await (await ask(path, { who: 'foreign' })).text()).not.toMatch(/pune|maharashtra/i);
	expect((await list()).total).toBe(1);
	expect((await list('', 'foreign')).total).toBe(1);
});

test('who may not change locations does not', async () => {
	const locationNo = await add(pune);
	for (const [who, reads] of [
		['operation', 200],
		['narrowed', 200],
		['customer', 403],
	] as const) {
		const statuses = await Promise.all([
			ask('locations', { who }),
			ask(`locations/${locationNo}`, { who }),
			ask('location-options', { who }),
		]);
		expect(statuses.map(({ status }) => status)).toEqual([reads, reads, reads]);
		expect((await ask('locations', { body: fes, who })).status).toBe(403);
		expect((await edit(locationNo, pune, fes, who)).status).toBe(403);
		expect((await remove([locationNo], who)).status).toBe(403);
	}
	expect((await ask('places?q=pune', { who: 'operation' })).status).toBe(403);
	expect((await list()).rows).toMatchObject([pune]);
});

test('is found, filtered, sorted and paged', async () => {
	await add(pune);
	await add(fes);
	await add({ ...pune, city: 'Satara', district: 'Satara', zone: null });
	const cities = async (query: string) => (await list(query)).rows.map(({ city }) => city);
	expect(await cities('')).toEqual(['Fès', 'Pune', 'Satara']);
	expect(await cities('sort=state&direction=desc')).toEqual(['Satara', 'Pune', 'Fès']);
	expect(await cities('q=maharash')).toEqual(['Pune', 'Satara']);
	expect(await cities('q=%25')).toEqual([]);
	expect(await cities('zone=West')).toEqual(['Pune']);
	expect(await cities('state=Maharashtra&country=IN')).toEqual(['Pune', 'Satara']);
	expect(await cities('country=MA')).toEqual(['Fès']);
	expect(await cities('pageSize=2&page=2')).toEqual(['Satara']);
	const values = async (query: string) => (await ask(`location-filters?${query}`)).json();
	expect(await values('filter=zone')).toEqual({ values: ['West'] });
	expect(await values('filter=state&q=fès')).toEqual({ values: ['Fès-Meknès'] });
	const { locations } = await (await ask('location-options?q=sata')).json();
	expect(locations).toMatchObject([{ city: 'Satara' }]);
});

test('the workbook has what matches', async () => {
	await add(pune);
	await add(fes);
	const answer = await ask('location-export?country=MA');
	const sheet = unzip(Buffer.from(await answer.arrayBuffer())).get('xl/worksheets/sheet1.xml');
	const cells = cellsOf(sheet ?? '');
	expect(['A', 'D', 'F', 'H'].map((column) => cells.get(`${column}2`)?.value)).toEqual([
		'Fès',
		'Morocco',
		'34.03',
		'0',
	]);
	expect(cells.get('A3')).toBeUndefined();
});

test('places are offered to whoever adds locations', async () => {
	const { places } = await (await ask('places?q=fes&country=MA')).json();
	expect(places[0]).toMatchObject({ name: 'Fès', country: 'MA' });
});
