import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Role } from '#contract/roles.ts';
import { createLocations } from '#modules/locations/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { listAssignments, listHeldDevices } from '#modules/products/contract.ts';
import { registerDevices, serveDeviceRegistry } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { unzip } from '../../../../tests/harness/workbook.ts';
import {
	addCustomer,
	addDealer,
	type CustomerRow,
	listCustomerFilters,
	listCustomerOptions,
	listCustomers,
	listDealerOptions,
	listDealers,
	showCustomer,
} from '../contract.ts';
import { createCustomer, createDealer, serveCustomerRoutes } from './index.ts';

const password = 'a sentence works well';
const confirm = 'confirm';

let db: TestDatabase;
let portal: TestPortal;
let harbour: number;
let foreignDealer: number;
let foreignCustomer: number;
let foreignLocation: number;
const cookies = new Map<string, string>();
const announced: number[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	portal = await startPortal(db, {
		add: async ({ app, log }) => {
			serveCustomerRoutes(app, {
				pool: db.pool,
				database: db.database,
				customersChanged: () => {},
			});
			serveDeviceRegistry(app, {
				pool: db.pool,
				database: db.database,
				log,
				announce: (deviceNos) => void announced.push(...deviceNos),
				disconnect: () => {},
			});
		},
	});
	harbour = await newOrganization('Harbour');
	const island = await newOrganization('Island', ['island.test']);
	foreignDealer = await createDealer(db.database, island, {
		name: 'Canary Dealer',
		city: 'Canary',
	});
	foreignCustomer = await createCustomer(db.database, island, {
		...blank,
		name: 'Canary Customer',
		city: 'Canary',
		dealerNo: foreignDealer,
	});
	await createLocations(db.database, harbour, [place('Pune', 'IN'), place('Rabat', 'MA')]);
	await createLocations(db.database, island, [place('Canary', 'ES')]);
	foreignLocation = await locationNo('Canary');
	await newMember('admin', 'admin');
	await newMember('operation', 'operation');
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

const blank = {
	email: null,
	mobile: null,
	address: null,
	city: null,
	pinCode: null,
	dealerNo: null,
};

function place(city: string, country: string) {
	return { city, district: city, state: city, country, zone: null, lat: 1, lon: 1 };
}

async function locationNo(city: string): Promise<number> {
	const { rows } = await db.pool.query('select location_no from location where city = $1', [city]);
	return rows[0].location_no;
}

function newOrganization(name: string, hosts: readonly string[] = []): Promise<number> {
	const region = { timeZone: 'UTC', country: 'IN', locale: 'en-IN' };
	return createOrganization(db.database, { name, ...region, isDemo: false, hosts });
}

async function newMember(
	name: string,
	role: Role,
	narrowed: { customerNos?: readonly number[]; dealerNo?: number } = {},
) {
	const email = `${name}@example.org`;
	await createMember(db.database, {
		organizationNo: harbour,
		name,
		email,
		password,
		role,
		dealerNo: narrowed.dealerNo ?? null,
		customerNos: narrowed.customerNos ?? null,
	});
	cookies.set(name, await portal.signIn(email, password));
}

async function register(...deviceIds: string[]): Promise<number[]> {
	const registered = await registerDevices(
		db.database,
		harbour,
		deviceIds.map((deviceId) => ({
			deviceId,
			telematicsId: null,
			name: null,
			simNo: null,
			family: 'ev' as const,
			transport: null,
			vehicle: null,
			customerNo: null,
			dealerNo: null,
		})),
	);
	return registered.map(({ deviceNo }) => deviceNo);
}

async function send(path: string, body?: object, method?: string, as = 'admin') {
	const answer = await portal.send(`/api/admin${path}`, {
		cookie: cookies.get(as) ?? '',
		...(body !== undefined && { body }),
		...(method !== undefined && { method }),
	});
	const reply: unknown = await answer.json();
	return { status: answer.status, reply };
}

async function ask<Schema extends z.ZodType>(
	{ reply: schema }: { readonly reply: Schema },
	path: string,
	{ body, as }: { body?: object; as?: string } = {},
): Promise<z.output<Schema>> {
	const { status, reply } = await send(path, body, undefined, as);
	expect(status, JSON.stringify(reply)).toBe(200);
	return schema.parse(reply);
}

const written = {
	name: 'Asha Rentals',
	address: '1 Quay Road',
	city: 'Pune',
	pinCode: '411001',
	mobile: '+91 98765-43210',
	email: 'asha@example.org',
	locationNo: null,
	dealerNo: null,
};

function newCustomer(parts: object = {}): Promise<CustomerRow> {
	return ask(addCustomer, '/customers', { body: { ...written, ...parts, confirm } });
}

function newDealer(name: string) {
	const dealer = { name, city: 'Pune', contactName: null, mobile: '', email: null, address: null };
	return ask(addDealer, '/dealers', { body: { ...dealer, confirm } });
}

function keptOf(row: CustomerRow) {
	const { name, address, city, pinCode, mobile, email, locationNo, dealerNo } = row;
	return { name, address, city, pinCode, mobile, email, locationNo, dealerNo };
}

function assign(deviceIds: readonly string[], to: object, seen: object = {}) {
	const before = { customerNo: null, dealerNo: null, ...seen };
	const devices = deviceIds.map((deviceId) => ({ deviceId, ...before }));
	return send('/devices/assign', { devices, ...to, confirm });
}

describe('a customer', () => {
	test('is added, found, changed and kept in the audit log', async () => {
		const dealer = await newDealer('Wheels of Asha');
		const pune = await locationNo('Pune');
		const added = await newCustomer({ locationNo: pune, dealerNo: dealer.dealerNo });
		expect(added).toMatchObject({
			name: 'Asha Rentals',
			mobile: '+919876543210',
			locationCity: 'Pune',
			dealerName: 'Wheels of Asha',
			devices: 0,
			users: 0,
		});
		for (const query of ['q=asha@ex', `dealerNo=${dealer.dealerNo}`, `locationNo=${pune}`]) {
			const { rows, total } = await ask(listCustomers, `/customers?${query}&city=PUNE`);
			expect([total, rows[0]?.customerNo]).toEqual([1, added.customerNo]);
		}
		const after = { ...written, name: 'Asha & Sons', locationNo: null };
		const path = `/customers/${added.customerNo}`;
		const edit = (before: object) => send(path, { before, after, confirm }, 'PUT');
		expect(await edit(keptOf(added))).toMatchObject({ status: 200, reply: { dealerName: null } });
		expect(await edit(keptOf(added))).toMatchObject({
			status: 409,
			reply: {
				code: 'changed_meanwhile',
				detail: expect.stringContaining(
					'Customer name is now “Asha & Sons”, Location is now empty, Dealer is now empty',
				),
			},
		});
		const { rows } = await db.pool.query(
			`select action, before ->> 'dealer' as dealer, after ->> 'name' as name from audit_entry
			where subject_id = $1 order by audit_no`,
			[`C${String(added.customerNo).padStart(6, '0')}`],
		);
		expect(rows).toEqual([
			{ action: 'customer.add', dealer: null, name: 'Asha Rentals' },
			{ action: 'customer.edit', dealer: 'Wheels of Asha', name: 'Asha & Sons' },
		]);
	});

	test.each([
		['a missing name', { name: ' ' }, 'Enter the customer name.'],
		['a mobile number of letters', { mobile: 'call me' }, 'The mobile number is not valid.'],
		['an e-mail without a place', { email: 'asha@' }, 'The e-mail is not valid.'],
		['a pin code of signs', { pinCode: '<b>' }, 'The pin code is not valid.'],
	])('is refused for %s', async (_, wrong, sentence) => {
		const answer = await send('/customers', { ...written, ...wrong, confirm });
		expect(answer).toMatchObject({ status: 400 });
		expect(JSON.stringify(answer.reply)).toContain(sentence);
	});

	test('has a pin code of six digits in India, and any elsewhere', async () => {
		const at = async (city: string, pinCode: string) => {
			const body = { ...written, pinCode, locationNo: await locationNo(city), confirm };
			return (await send('/customers', body)).status;
		};
		expect(await at('Pune', '10000')).toBe(400);
		expect(await at('Pune', '411 001')).toBe(200);
		expect(await at('Rabat', '10000')).toBe(200);
	});

	test('is refused what is another organization’s, as if it did not exist', async () => {
		for (const foreign of [{ dealerNo: foreignDealer }, { locationNo: foreignLocation }]) {
			const answer = await send('/customers', { ...written, ...foreign, confirm });
			expect(answer.status).toBe(404);
			expect(JSON.stringify(answer.reply)).not.toContain('Canary');
		}
		const path = `/customers/${foreignCustomer}`;
		const before = keptOf(await newCustomer());
		for (const [body, method, to] of [
			[undefined, 'GET', path],
			[{ before, after: written, confirm }, 'PUT', path],
			[{ confirm }, 'POST', `${path}/removal`],
			[undefined, 'GET', `/assignments?customerNo=${foreignCustomer}`],
			[undefined, 'GET', `/assignments?dealerNo=${foreignDealer}`],
			[undefined, 'GET', `/dealers/${foreignDealer}`],
			[{ confirm }, 'POST', `/dealers/${foreignDealer}/removal`],
		] as const)
			expect([to, method, (await send(to, body, method)).status]).toEqual([to, method, 404]);
		await register('EV-FOREIGN');
		for (const to of [{ customerNo: foreignCustomer }, { dealerNo: foreignDealer }])
			expect((await assign(['EV-FOREIGN'], to)).status).toBe(404);
	});

	test('is not deleted while something is its own, and then stays in histories only', async () => {
		const { customerNo } = await newCustomer({ name: 'Leaving' });
		await register('EV-L1', 'EV-L2', 'EV-L3', 'EV-L4');
		const ids = ['EV-L1', 'EV-L2', 'EV-L3', 'EV-L4'];
		expect((await assign(ids, { customerNo })).status).toBe(200);
		await newMember('leaving', 'customer', { customerNos: [customerNo] });
		const remove = () => send(`/customers/${customerNo}/removal`, { confirm });
		expect(await remove()).toMatchObject({
			status: 409,
			reply: {
				code: 'still_in_use',
				detail:
					'The customer Leaving cannot be deleted: it has 4 devices, the retired ones included, (EV-L1, EV-L2, EV-L3, …) and 1 user (leaving@example.org). Assign the devices to others and take the customer from its users first.',
			},
		});
		expect((await assign(ids, { customerNo: null }, { customerNo })).status).toBe(200);
		await db.pool.query(`delete from membership where user_id =
			(select id from auth_user where email = 'leaving@example.org')`);
		expect((await remove()).status).toBe(200);
		expect((await remove()).status).toBe(404);
		expect((await assign(ids, { customerNo })).status).toBe(404);
		const { total } = await ask(listCustomers, '/customers?q=leaving');
		const { customers } = await ask(listCustomerOptions, '/customers/options?q=leaving');
		expect([total, customers]).toEqual([0, []]);
		const { assignments } = await ask(listAssignments, '/devices/EV-L1/assignments');
		expect(assignments.map((each) => each.customerName)).toEqual([null, 'Leaving', null]);
	});

	test('that is deleted while a device is assigned to it either has the device or is gone', async () => {
		for (let round = 0; round < 8; round++) {
			const { customerNo } = await newCustomer({ name: `Race ${round}` });
			await register(`EV-RACE-${round}`);
			const [removed, assigned] = await Promise.all([
				send(`/customers/${customerNo}/removal`, { confirm }),
				assign([`EV-RACE-${round}`], { customerNo }),
			]);
			expect([
				[200, 404],
				[409, 200],
			]).toContainEqual([removed.status, assigned.status]);
		}
	});
});

test('a dealer’s name is its own until it is deleted, which waits for what it has', async () => {
	const { dealerNo } = await newDealer('Northern Lights');
	const twin = await send('/dealers', { ...blankDealer, name: 'northern lights', confirm });
	expect(twin).toMatchObject({ status: 409, reply: { code: 'already_in_use' } });
	await newCustomer({ name: 'Of Northern Lights', dealerNo });
	await newMember('northern', 'dealer', { dealerNo });
	const refused = await send(`/dealers/${dealerNo}/removal`, { confirm });
	expect(refused).toMatchObject({
		status: 409,
		reply: {
			detail: expect.stringContaining(
				'it has 1 customer (Of Northern Lights) and 1 user (northern@example.org)',
			),
		},
	});
	await db.pool.query('update customer set dealer_no = null where dealer_no = $1', [dealerNo]);
	await db.pool.query('delete from membership where dealer_no = $1', [dealerNo]);
	expect((await send(`/dealers/${dealerNo}/removal`, { confirm })).status).toBe(200);
	expect((await newDealer('Northern Lights')).dealerNo).not.toBe(dealerNo);
});
const blankDealer = { city: null, contactName: null, mobile: null, email: null, address: null };

describe('assigning', () => {
	test('changes what is wanted, leaves the rest, and says it to the road and the log', async () => {
		const { customerNo } = await newCustomer({ name: 'Kite' });
		const { dealerNo } = await newDealer('Kite Dealer');
		const deviceNos = await register('EV-K1', 'EV-K2', 'EV-K3');
		announced.length = 0;
		expect(await assign(['EV-K1', 'EV-K2'], { customerNo })).toMatchObject({
			reply: { changed: 2, unchanged: 0 },
		});
		expect(announced).toEqual(deviceNos.slice(0, 2));
		const mixed = {
			devices: [
				{ deviceId: 'EV-K1', customerNo, dealerNo: null },
				{ deviceId: 'EV-K3', customerNo: null, dealerNo: null },
			],
			customerNo,
			confirm,
		};
		expect(await send('/devices/assign', mixed)).toMatchObject({
			reply: { changed: 1, unchanged: 1 },
		});
		await assign(['EV-K1'], { dealerNo }, { customerNo });
		const { assignments } = await ask(listAssignments, '/devices/EV-K1/assignments');
		expect(assignments.map(({ customerName, dealerName }) => [customerName, dealerName])).toEqual([
			['Kite', 'Kite Dealer'],
			['Kite', null],
			[null, null],
		]);
		// Another dealer is no break in the time with the customer.
		const held = await ask(listHeldDevices, `/assignments?customerNo=${customerNo}`);
		expect(held.rows.map(({ deviceId }) => deviceId).sort()).toEqual(['EV-K1', 'EV-K2', 'EV-K3']);
		const past = await ask(listHeldDevices, `/assignments?customerNo=${customerNo}&when=before`);
		expect(past.total).toBe(0);
		const { rows } = await db.pool.query(
			`select subject_id, before, after from audit_entry where action = 'device.assign'
			and subject_id = 'EV-K1' order by audit_no`,
		);
		expect(rows).toEqual([
			{
				subject_id: 'EV-K1',
				before: { customer: null, dealer: null },
				after: { customer: 'Kite', dealer: null },
			},
			{
				subject_id: 'EV-K1',
				before: { customer: 'Kite', dealer: null },
				after: { customer: 'Kite', dealer: 'Kite Dealer' },
			},
		]);
	});

	test('of two at once one wins and the other is told', async () => {
		const [one, other] = [await newCustomer({ name: 'One' }), await newCustomer({ name: 'Other' })];
		const ids = Array.from({ length: 20 }, (_, place) => `EV-TWO-${place}`);
		await register(...ids);
		const answers = await Promise.all([
			assign(ids, { customerNo: one.customerNo }),
			assign([...ids].reverse(), { customerNo: other.customerNo }),
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
		const loser = answers.find(({ status }) => status === 409);
		expect(loser?.reply).toMatchObject({
			code: 'changed_meanwhile',
			detail: expect.stringMatching(
				/EV-TWO-\d+ belongs to “(One|Other)” now.* and 17 more devices/,
			),
		});
	});

	test('takes a thousand at once, all or none', async () => {
		const { customerNo } = await newCustomer({ name: 'Thousand' });
		const ids = Array.from({ length: 1_000 }, (_, place) => `EV-M-${place}`);
		await register(...ids);
		expect((await assign([...ids.slice(1), 'EV-NONE'], { customerNo })).status).toBe(404);
		expect((await assign([...ids, 'EV-K1'], { customerNo })).status).toBe(400);
		expect(await assign(ids, { customerNo })).toMatchObject({ reply: { changed: 1_000 } });
		expect(await ask(showCustomer, `/customers/${customerNo}`)).toMatchObject({ devices: 1_000 });
	});

	test('is for those who see the whole organization and may write', async () => {
		const { customerNo } = await newCustomer({ name: 'Narrow' });
		await newMember('narrowed', 'admin', { customerNos: [customerNo] });
		const body = {
			devices: [{ deviceId: 'EV-K1', customerNo: null, dealerNo: null }],
			customerNo,
			confirm,
		};
		for (const as of ['operation', 'narrowed'])
			expect((await send('/devices/assign', body, 'POST', as)).status).toBe(403);
		for (const path of ['/customers', '/dealers'])
			for (const as of ['operation', 'narrowed'])
				expect(
					(await send(path, { ...written, ...blankDealer, ...written, confirm }, 'POST', as))
						.status,
				).toBe(403);
	});
});

test('a narrowed reader sees the own customers and their dealers, and nothing of others', async () => {
	const own = await newDealer('Own Dealer');
	const other = await newDealer('Other Canary Dealer');
	const mine = await newCustomer({ name: 'Mine', city: 'Nashik', dealerNo: own.dealerNo });
	const theirs = await newCustomer({
		name: 'Canary theirs',
		city: 'Canary Town',
		email: 'canary@example.org',
		dealerNo: own.dealerNo,
	});
	await newCustomer({ name: 'Canary of other', dealerNo: other.dealerNo });
	await register('EV-MINE', 'EV-CANARY');
	await assign(['EV-MINE'], { customerNo: mine.customerNo, dealerNo: own.dealerNo });
	await assign(['EV-CANARY'], { customerNo: theirs.customerNo, dealerNo: own.dealerNo });
	await newMember('reader', 'operation', { customerNos: [mine.customerNo] });
	const as = 'reader';

	const customers = await ask(listCustomers, '/customers', { as });
	expect(customers.rows).toMatchObject([{ name: 'Mine', devices: 1, users: null }]);
	expect(customers.total).toBe(1);
	const dealers = await ask(listDealers, '/dealers', { as });
	expect(dealers.rows).toMatchObject([
		{ name: 'Own Dealer', devices: 1, customers: 1, users: null },
	]);
	const held = `/assignments?dealerNo=${own.dealerNo}`;
	expect((await ask(listHeldDevices, held, { as })).rows).toMatchObject([{ deviceId: 'EV-MINE' }]);
	expect(await ask(listCustomers, '/customers?q=canary', { as })).toMatchObject({ total: 0 });
	const options = await ask(listCustomerOptions, '/customers/options?q=a', { as });
	const filters = await ask(listCustomerFilters, '/customers/filters', { as });
	const dealerOptions = await ask(listDealerOptions, '/dealers/options', { as });
	expect(JSON.stringify([options, filters, dealerOptions])).not.toContain('Canary');
	for (const path of [
		`/customers/${theirs.customerNo}`,
		`/dealers/${other.dealerNo}`,
		`/assignments?customerNo=${theirs.customerNo}`,
	])
		expect([path, (await send(path, undefined, 'GET', as)).status]).toEqual([path, 404]);
	for (const path of ['/customer-export', '/dealer-export']) {
		const answer = await portal.send(`/api/admin${path}`, { cookie: cookies.get(as) ?? '' });
		const files = unzip(Buffer.from(await answer.arrayBuffer()));
		const rows = [...files.values()].join('');
		expect(rows).toMatch(/Mine|Own Dealer/);
		expect(rows).not.toMatch(/canary/i);
	}
});

test('a device that goes from one to the other is each one’s in its own time', async () => {
	const [a, b] = [await newCustomer({ name: 'Alpha' }), await newCustomer({ name: 'Beta' })];
	await register('EV-WANDER');
	await assign(['EV-WANDER'], { customerNo: a.customerNo });
	await assign(['EV-WANDER'], { customerNo: b.customerNo }, { customerNo: a.customerNo });
	await newMember('beta', 'operation', { customerNos: [b.customerNo] });
	await newMember('alpha', 'operation', { customerNos: [a.customerNo] });
	const { assignments } = await ask(listAssignments, '/devices/EV-WANDER/assignments', {
		as: 'beta',
	});
	expect(assignments).toMatchObject([{ customerName: 'Beta', toMs: null }]);
	const gone = await send('/devices/EV-WANDER/assignments', undefined, 'GET', 'alpha');
	expect(gone.status).toBe(404);
	const before = `/assignments?customerNo=${a.customerNo}&when=before`;
	const past = await ask(listHeldDevices, before, { as: 'alpha' });
	expect(past.rows).toMatchObject([{ deviceId: 'EV-WANDER', toMs: expect.any(Number) }]);
	expect((await send(before, undefined, 'GET', 'beta')).status).toBe(404);
});

test('the list is quick at a hundred thousand customers', { timeout: 180_000 }, async () => {
	await db.pool.query(
		`insert into customer (organization_no, name, city, email, mobile)
		select $1, 'Bulk ' || md5(place::text), 'City ' || place % 500, 'bulk' || place || '@example.org',
			'+9198' || lpad(place::text, 8, '0')
		from generate_series(1, 100000) as place`,
		[harbour],
	);
	await db.pool.query('analyze customer');
	const plan = async (query: string) => {
		const { rows } = await db.pool.query(`explain ${query}`);
		return rows.map((row) => row['QUERY PLAN']).join('\n');
	};
	const of = `customer c where c.organization_no = ${harbour} and c.deleted_at is null`;
	for (const order of ['lower(c.name)', 'lower(c.city)', 'c.created_at'])
		expect(
			await plan(
				`select c.customer_no from ${of} order by ${order} desc, c.customer_no desc limit 30`,
			),
		).not.toContain('Sort');
	const text = `(c.name || e'\\n' || coalesce(c.email, '') || e'\\n' || coalesce(c.mobile, '') || e'\\n' || coalesce(c.city, ''))`;
	expect(await plan(`select from ${of} and ${text} ilike '%bulk77777@%'`)).toContain(
		'customer_text',
	);
	const page = await ask(listCustomers, '/customers?sort=city&direction=desc');
	expect(page).toMatchObject({ total: 10_000, totalIsExact: false });
	expect(await ask(listCustomers, '/customers?q=bulk77777@')).toMatchObject({ total: 1 });
});
