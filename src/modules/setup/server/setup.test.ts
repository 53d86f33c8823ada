import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '#contract/faults.ts';
import { roleLabels, roles } from '#contract/roles.ts';
import { hashDeviceKey } from '#ingest/edge/device-directory.ts';
import { showPortal, showSession } from '#modules/access/contract.ts';
import { customerEditSchema } from '#modules/customers/contract.ts';
import { createProducts } from '#modules/products/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { setUp } from '../contract.ts';
import { demoCustomers } from './demo-fleet.ts';
import { createSetup, type DemoDevice, type SetupModule } from './index.ts';

const drivesFolder = join(import.meta.dirname, '../../../../data/twizy-rsk');
let db: TestDatabase;
let portal: TestPortal;
let setup: SetupModule;
let announced: number[];
let demoFleets: number;
let recalled: readonly DemoDevice[];

beforeEach(async () => {
	db = await createTestDatabase();
	announced = [];
	demoFleets = 0;
	recalled = [];
	portal = await startPortal(db, {
		needsSetup: () => setup.needsSetup(),
		add: async ({ app, log, dataDir }) => {
			setup = createSetup({
				database: db.database,
				products: createProducts(db.database, (deviceNos) => {
					announced.push(...deviceNos);
				}),
				dataDir,
				clock: Date.now,
				log,
				recall: async (devices) => {
					// Nobody knows of the devices before their past is stored.
					expect(announced).toEqual([]);
					recalled = devices;
				},
				onDemoFleet: () => {
					demoFleets += 1;
				},
			});
			setup.serve(app);
		},
	});
});
afterEach(async () => {
	await portal.close();
	await db.drop();
});

const credentialsSchema = z.object({
	devices: z.array(
		z.looseObject({ deviceId: z.string(), key: z.string(), replay: z.string().optional() }),
	),
});
async function readCredentials() {
	const text = await readFile(join(portal.dataDir, 'demo-devices.json'), 'utf8');
	return credentialsSchema.parse(JSON.parse(text)).devices;
}

async function tokenOf(module: SetupModule): Promise<string> {
	const [path, token = ''] = ((await module.link()) ?? '').split('#');
	expect(path).toBe('/setup');
	return token;
}

const form = {
	organizationName: 'Harbour Fleet',
	timeZone: 'Africa/Casablanca',
	country: 'MA',
	userName: 'First User',
	email: 'First@example.com',
	password: 'a sentence of my own',
	fleet: 'empty',
};

const send = (parts: Record<string, unknown>) =>
	portal.send('/api/setup', { body: { ...form, ...parts } });
const problemOf = async (answer: Response) => problemSchema.parse(await answer.json());
const needsSetup = async () =>
	showPortal.reply.parse(await (await portal.send('/api/portal')).json()).needsSetup;
const sessionBy = async (cookie: string) =>
	showSession.reply.parse(await (await portal.send('/api/session', { cookie })).json());
const sessionOf = async (email: string, password: string) =>
	sessionBy(await portal.signIn(email, password));

test('the link sets the installation up, once', async () => {
	expect(await needsSetup()).toBe(true);
	const token = await tokenOf(setup);
	const answer = await send({ token });
	expect(setUp.reply.parse(await answer.json())).toEqual({ demoUsers: [] });

	expect(await sessionOf('first@example.com', form.password)).toMatchObject({
		user: { email: 'first@example.com', name: 'First User' },
		role: 'super_admin',
		misRole: 'user',
		organization: {
			name: 'Harbour Fleet',
			timeZone: 'Africa/Casablanca',
			country: 'MA',
			locale: 'en-MA',
		},
		ownTiles: null,
	});
	expect(await needsSetup()).toBe(false);
	expect(await setup.link()).toBeNull();
	expect(await setup.setUpDemo()).toBeNull();
	const again = await send({ token });
	expect(again.status).toBe(409);
	expect(await problemOf(again)).toMatchObject({ code: 'setup_done' });
	expect([announced, demoFleets, await setup.hasDemoFleet()]).toEqual([[], 0, false]);
});

test('refuses another link, and says what is wrong with the form', async () => {
	const token = await tokenOf(setup);
	const other = Buffer.alloc(32, 7).toString('base64url');
	for (const wrong of ['x', other, `${token}=`, token.toLowerCase()]) {
		const answer = await send({ token: wrong });
		expect(answer.status).toBe(403);
		expect(await problemOf(answer)).toMatchObject({ code: 'setup_link_invalid' });
	}
	const answer = await send({ token, email: 'nobody', password: 'short', timeZone: 'Mars/North' });
	expect(answer.status).toBe(400);
	expect((await problemOf(answer)).fields?.map((field) => field.path)).toEqual([
		'body.timeZone',
		'body.email',
		'body.password',
	]);
	expect(await needsSetup()).toBe(true);
});

test('of many at the same moment one sets it up', async () => {
	const token = await tokenOf(setup);
	const answers = await Promise.all(
		Array.from({ length: 5 }, (_, index) => send({ token, email: `user${index}@example.com` })),
	);
	expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409]);
	const { rows } = await db.pool.query('select * from organization');
	expect(rows).toHaveLength(1);
	const users = await db.pool.query('select * from auth_user');
	expect(users.rows).toHaveLength(1);
});

test('the demo fleet has a user for each role, who sees what the role sees', async () => {
	const users = (await setup.setUpDemo()) ?? [];
	expect(users.map((user) => user.role)).toEqual(roles.map((role) => roleLabels[role]));
	const seen: Record<string, unknown> = {};
	for (const { email, password } of users) {
		const cookie = await portal.signIn(email, password);
		const { role, organization } = await sessionBy(cookie);
		expect(organization).toMatchObject({ name: 'Meridian Mobility', locale: 'en-IN' });
		const scope = (await portal.access.identify({ cookie }, 'localhost'))?.scope;
		seen[role] = [scope?.dealerNo !== null, scope?.customerNos?.length ?? 'all'];
	}
	expect(seen).toEqual({
		super_admin: [false, 'all'],
		admin: [false, 'all'],
		operation: [false, 'all'],
		b2b: [false, 3],
		dealer: [true, 'all'],
		customer: [false, 1],
	});
	expect(await setup.setUpDemo()).toBeNull();
});

test('customers of the demo fleet have all that is asked of a customer, so each can be edited', async () => {
	await setup.setUpDemo();
	const customers = await db.database
		.selectFrom('customer')
		.select(['name', 'address', 'city', 'pin_code', 'mobile', 'email', 'dealer_no'])
		.execute();
	expect(customers).toHaveLength(Object.keys(demoCustomers).length);
	const mobiles = customers.map(({ pin_code: pinCode, dealer_no: dealerNo, ...customer }) => {
		const kept = { ...customer, pinCode, locationNo: null, dealerNo };
		expect(customerEditSchema.parse(kept)).toEqual(kept);
		return kept.mobile;
	});
	expect(new Set(mobiles).size).toBe(customers.length);
});

test('the demo fleet has devices of all families, their keys, and a past', async () => {
	await setup.setUpDemo();
	const devices = await db.database
		.selectFrom('v_device')
		.selectAll()
		.orderBy('device_no')
		.execute();
	expect(
		Object.entries(Object.groupBy(devices, (device) => device.family ?? '')).map(([family, of]) => [
			family,
			of?.length,
		]),
	).toEqual([
		['ev', 85],
		['x_pro', 12],
		['unified', 14],
		['ultra', 9],
	]);
	expect(announced).toEqual(devices.map((device) => device.device_no));
	expect(demoFleets).toBe(1);
	for (const device of devices)
		expect(device).toMatchObject({
			device_id: expect.stringMatching(/^8686-\d{9}$/),
			telematics_id: expect.stringMatching(/^VCU-\d{8}$/),
			...(device.family === 'ev'
				? {
						vin: expect.stringMatching(/^(MDQ[A-Z0-9]{14}|EVH000\d+)$/),
						bms_id: expect.stringMatching(/^BMS-\d{7}$/),
						motor_id: expect.stringMatching(/^MTR-\d{6}$/),
						model: expect.stringMatching(/^(Skimmer|Heron) /),
					}
				: { name: expect.stringMatching(/^\S.* · .+$/), vin: null }),
		});
	expect(new Set(devices.map((device) => device.customer_name)).size).toBe(16);
	expect(new Set(devices.map((device) => device.customer_city)).size).toBe(15);
	expect(new Set(devices.map((device) => device.dealer_name)).size).toBe(5);
	const belonging = await db.pool.query(
		`select count(*)::int as devices from device_assignment where lower(during) < now() - interval '80 days'`,
	);
	expect(belonging.rows).toEqual([{ devices: 120 }]);

	const path = join(portal.dataDir, 'demo-devices.json');
	expect((await stat(path)).mode & 0o777).toBe(0o600);
	const credentials = await readCredentials();
	const drives = (await readdir(drivesFolder))
		.filter((file) => file.endsWith('.csv.gz'))
		.map((file) => file.replace('.csv.gz', ''));
	expect(credentials.flatMap((device) => device.replay ?? []).sort()).toEqual(drives.sort());
	expect(credentials).toHaveLength(117);
	expect(recalled.map(({ credential }) => credential)).toEqual(credentials);
	for (const { deviceId, key } of credentials) {
		const { key_hash } = await db.database
			.selectFrom('v_device_credential')
			.select('key_hash')
			.where('device_id', '=', deviceId)
			.executeTakeFirstOrThrow();
		expect(key_hash).toEqual(hashDeviceKey(key));
	}
	expect(await setup.hasDemoFleet()).toBe(true);
});

test('a past that cannot be stored costs neither the fleet nor its sign-ins', async () => {
	const withoutRoad = createSetup({
		database: db.database,
		products: createProducts(db.database, () => {}),
		dataDir: portal.dataDir,
		clock: Date.now,
		log: portal.log,
		recall: () => Promise.reject(new Error('the road takes no more messages')),
		onDemoFleet: () => {
			demoFleets += 1;
		},
	});
	expect(await withoutRoad.setUpDemo()).toHaveLength(roles.length);
	expect(demoFleets).toBe(1);
	expect(portal.logged()).toContain('could not be stored');
});

test('the setup page can ask for the demo fleet, too', async () => {
	const email = 'Admin@example.com';
	const answer = await send({ token: await tokenOf(setup), email, fleet: 'demo' });
	const { demoUsers } = setUp.reply.parse(await answer.json());
	// The first user has the address of a demo user and stands for it.
	expect(demoUsers.map((user) => user.role)).toEqual([
		'Super Admin',
		'Operation',
		'B2B',
		'Dealer',
		'Customer',
	]);
	expect(await sessionOf(email, form.password)).toMatchObject({
		role: 'super_admin',
		organization: { name: 'Harbour Fleet', timeZone: 'Africa/Casablanca' },
	});
	const [dealer] = demoUsers.filter((user) => user.role === 'Dealer');
	expect(await sessionOf(dealer!.email, dealer!.password)).toMatchObject({
		role: 'dealer',
		organization: { name: 'Harbour Fleet' },
	});
	expect(announced).toHaveLength(120);
	expect(recalled).toHaveLength(117);
	expect(await setup.hasDemoFleet()).toBe(true);
});

test('logs neither the link nor passwords nor keys', async () => {
	const token = await tokenOf(setup);
	await send({ token: 'a-wrong-token' });
	const answer = await send({ token, fleet: 'demo' });
	const { demoUsers } = setUp.reply.parse(await answer.json());
	const devices = await readCredentials();
	const secrets: string[] = [
		token,
		'a-wrong-token',
		form.password,
		...demoUsers.map((user) => user.password),
		...devices.map((device) => device.key),
	];
	expect(portal.logged()).toContain('the installation is set up');
	for (const secret of secrets) expect(portal.logged()).not.toContain(secret);
	const stored = await db.pool.query(`
		select coalesce(string_agg(t::text, ' '), '') as text from (
			select device::text as t from device union all select auth_account::text from auth_account
		) rows`);
	for (const secret of secrets) expect(stored.rows[0].text).not.toContain(secret);
});
