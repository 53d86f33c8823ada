import mqtt from 'mqtt';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { listConnections } from '#modules/connections/contract.ts';
import { addCustomer, editCustomer } from '#modules/customers/contract.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { listDeviceFacts, showDeviceHealth, showDeviceSeries } from '#modules/devices/contract.ts';
import { addLocation } from '#modules/locations/contract.ts';
import { showMapRegions } from '#modules/map/contract.ts';
import { listParked } from '#modules/parked/contract.ts';
import { assignDevices } from '#modules/products/contract.ts';
import { createMember } from '#modules/users/server/index.ts';
import { paths, rowLink } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, confirmOn, desktop, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

const password = 'a sentence works well';
const dayMs = 86_400_000;

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
let organizationNo: number;
let alpha: number;
let beta: number;
let north: number;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, ['EV-1', 'EV-2', 'EV-WANDER', 'EV-PARKED']);
	organizationNo = installation.organizationNo;
	north = await createDealer(db.database, organizationNo, { name: 'North Wheels', city: 'Pune' });
	alpha = await newCustomer('Alpha Cabs', north);
	beta = await newCustomer('Beta Cabs', null);
	await newMember('admin', 'admin');
	await newMember('alpha', 'customer', { customerNos: [alpha] });
	await newMember('beta', 'customer', { customerNos: [beta] });
	await newMember('beta-staff', 'operation', { customerNos: [beta] });
	await newMember('north', 'dealer', { dealerNo: north });
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

function newCustomer(name: string, dealerNo: number | null): Promise<number> {
	const unknown = { email: null, mobile: null, address: null, pinCode: null };
	return createCustomer(db.database, organizationNo, { name, dealerNo, city: 'Pune', ...unknown });
}

async function newMember(
	name: string,
	role: Role,
	narrowed: { readonly customerNos?: number[]; readonly dealerNo?: number } = {},
): Promise<void> {
	const email = `${name}@example.org`;
	await createMember(db.database, {
		organizationNo,
		name,
		email,
		password,
		role,
		dealerNo: narrowed.dealerNo ?? null,
		customerNos: narrowed.customerNos ?? null,
	});
}

const cookies = new Map<string, Promise<string>>();
function cookieOf(name: string): Promise<string> {
	const cookie = cookies.get(name) ?? signIn(product.url, `${name}@example.org`, password);
	cookies.set(name, cookie);
	return cookie;
}

async function open(
	path: string,
	name = 'admin',
	options: BrowserContextOptions = desktop,
): Promise<Page> {
	return openPage({ path, options, cookie: await cookieOf(name) });
}

/** Assigns through the page, to the customer of this name. */
async function assignOnPage(deviceIds: readonly string[], customer: string): Promise<Page> {
	const page = await open(paths.adminDevices);
	for (const deviceId of deviceIds)
		await page.getByRole('row', { name: deviceId }).getByRole('checkbox').check();
	await page.getByRole('button', { name: 'Actions' }).click();
	await page.getByRole('menuitem', { name: 'Assign' }).click();
	await page.getByRole('combobox', { name: 'Customer' }).fill(customer);
	await page.getByRole('option', { name: new RegExp(customer) }).click();
	return page;
}

test.each(sizes)(
	'a customer and a dealer are added, changed and deleted, %s',
	async (size, options) => {
		const dealers = await open(paths.dealers, 'admin', options);
		await dealers.getByRole('button', { name: 'Add dealer' }).click();
		await dealers.getByRole('textbox', { name: 'Dealer name' }).fill(`Dealer ${size}`);
		await dealers.getByRole('button', { name: 'Submit' }).click();
		await confirmOn(dealers);
		await dealers.getByText(`The dealer Dealer ${size} was added.`).waitFor();
		await dealers.getByText('North Wheels').first().waitFor();
		await picture(dealers, 'customers-dealers');
		expect(await violations(dealers)).toEqual([]);

		const page = await open(paths.customers, 'admin', options);
		await page.getByRole('button', { name: 'Add customer' }).click();
		await page.getByRole('button', { name: 'Submit' }).click();
		await page.getByText('Enter the customer name.').waitFor();
		await page.getByRole('textbox', { name: 'Customer name' }).fill(`Customer ${size}`);
		await page.getByRole('textbox', { name: 'Address' }).fill('1 Quay Road');
		await page.getByRole('textbox', { name: 'City' }).fill('Pune');
		await page.getByRole('textbox', { name: 'Pin code' }).fill('411001');
		await page.getByRole('textbox', { name: 'Mobile number' }).fill('+91 98765 43210');
		await page.getByRole('textbox', { name: 'Email Id' }).fill('asha@example.org');
		await page.getByRole('combobox', { name: 'Dealer' }).fill(`dealer ${size}`);
		await page.getByRole('option', { name: `Dealer ${size}` }).click();
		await picture(page, 'customers-form');
		expect(await violations(page)).toEqual([]);
		await page.getByRole('button', { name: 'Submit' }).click();
		await confirmOn(page);
		await page.getByText(`The customer Customer ${size} was added.`).waitFor();

		const { rows } = await db.pool.query('select customer_no from customer where name = $1', [
			`Customer ${size}`,
		]);
		const customerNo = String(rows[0].customer_no);
		await page.goto(new URL(rowLink(paths.customers, customerNo), product.url).href);
		await page.getByText('It has no device.').waitFor();
		await page.getByText('It had no other device.').waitFor();
		await picture(page, 'customers-panel');
		expect(await violations(page)).toEqual([]);
		if (size === 'phone') return;
		await page.getByRole('button', { name: 'Delete customers' }).click();
		await confirmOn(page);
		await page.getByText(`Deleted: Customer ${size}.`).waitFor();
		await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
	},
);

test('an assigned device is in the open console of its customer at once, and gone at once', async () => {
	const [ofAlpha, ofBeta, ofNorth] = [
		await open(paths.console, 'alpha'),
		await open(paths.console, 'beta'),
		await open(paths.console, 'north'),
	];
	for (const page of [ofAlpha, ofBeta, ofNorth]) await page.getByText('No devices yet').waitFor();

	const page = await assignOnPage(['EV-1', 'EV-2'], 'Alpha Cabs');
	// The dealer of the customer is offered.
	await expect
		.poll(() => page.getByRole('combobox', { name: 'Dealer' }).inputValue())
		.toBe('North Wheels');
	await picture(page, 'customers-assign');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByText('Devices that change hands: 2').waitFor();
	await picture(page, 'customers-assign-preview');
	expect(await violations(page)).toEqual([]);
	await confirmOn(page);
	await page.getByText('Devices that changed hands: 2.').waitFor();
	for (const own of [ofAlpha, ofNorth]) await own.getByText('1-2 of 2 items').waitFor();
	await ofAlpha.getByRole('row', { name: 'EV-1' }).click();
	await ofAlpha.getByRole('complementary', { name: 'Details' }).getByText('EV-1').first().waitFor();

	const next = await assignOnPage(['EV-1'], 'Beta Cabs');
	await next.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(next);
	await next.getByText('Devices that changed hands: 1.').waitFor();
	await ofBeta.getByText('1-1 of 1 items').waitFor();
	await ofAlpha.getByText('1-1 of 1 items').waitFor();
	await expect.poll(() => ofAlpha.getByText('EV-1', { exact: true }).count()).toBe(0);

	await next.goto(new URL(rowLink(paths.customers, String(alpha)), product.url).href);
	const details = next.getByRole('complementary', { name: 'Details' });
	await details.getByRole('link', { name: 'EV-2' }).waitFor();
	await details.getByText(/\d [ap]m until \d/).waitFor();
	await picture(next, 'customers-history');
	expect(await violations(next)).toEqual([]);
});

async function ask(name: string, path: string): Promise<{ status: number; reply: unknown }> {
	const answer = await fetch(new URL(path, product.url), {
		headers: { cookie: await cookieOf(name) },
	});
	return { status: answer.status, reply: await answer.json() };
}

/** Asks as an Admin for a change. @returns the reply */
async function change(method: 'POST' | 'PUT', path: string, body: object): Promise<unknown> {
	const answer = await fetch(new URL(path, product.url), {
		method,
		headers: {
			cookie: await cookieOf('admin'),
			'content-type': 'application/json',
			origin: product.url,
		},
		body: JSON.stringify({ ...body, confirm: 'confirm' }),
	});
	const reply = await answer.json();
	expect(answer.status, JSON.stringify(reply)).toBe(200);
	return reply;
}

async function assign(
	deviceId: string,
	before: number | null,
	customerNo: number | null,
): Promise<void> {
	const { rows } = await db.pool.query('select dealer_no from v_device where device_id = $1', [
		deviceId,
	]);
	const seen = { deviceId, customerNo: before, dealerNo: rows[0].dealer_no };
	const dealerNo = customerNo === alpha ? north : null;
	await change('POST', assignDevices.path, { devices: [seen], customerNo, dealerNo });
}

/** What the device says: a reading with its firmware, and a message that nobody can read. */
async function say(device: mqtt.MqttClient, firmware: string): Promise<void> {
	const reading = { at: new Date().toISOString(), speed_kmh: 7, firmware };
	await device.publishAsync('qd/v1/EV-WANDER/telemetry', JSON.stringify(reading), { qos: 1 });
	await device.publishAsync('qd/v1/EV-WANDER/telemetry', `{${firmware}`, { qos: 1 });
}

/** Everything that a reader is told of the device's past. */
async function pastOf(name: string) {
	const path = '/api/devices/EV-WANDER';
	const range = `from=${Date.now() - dayMs}&to=${Date.now() + dayMs}&fields=speed_kmh&points=600`;
	const [facts, series, health] = await Promise.all([
		ask(name, `${path}/facts`),
		ask(name, `${path}/series?${range}`),
		ask(name, `${path}/health`),
	]);
	const statuses = [facts.status, series.status, health.status];
	if (statuses.some((status) => status !== 200)) return statuses;
	return {
		firmwares: listDeviceFacts.reply
			.parse(facts.reply)
			.facts.map(({ details }) => Object(details).to),
		speeds: showDeviceSeries.reply.parse(series.reply).series[0]?.values.length,
		readings: showDeviceHealth.reply.parse(health.reply).readingsLastHour,
	};
}

test('of a device that changes hands each one sees its own time, and the former owner nothing', async () => {
	const key = installation.devices.find(({ deviceId }) => deviceId === 'EV-WANDER')?.key ?? '';
	const connect = () =>
		mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
			username: 'EV-WANDER',
			password: key,
			clientId: `wander-${Math.random()}`,
		});
	await assign('EV-WANDER', null, alpha);
	const first = await connect();
	await say(first, 'alpha-1');
	await first.endAsync();
	const ended = 'select from device_connection where ended_at is not null';
	await expect.poll(async () => (await db.pool.query(ended)).rowCount).toBe(1);
	const ofAlpha = { firmwares: ['alpha-1'], speeds: 1, readings: 1 };
	for (const name of ['alpha', 'north']) expect(await pastOf(name)).toEqual(ofAlpha);

	await assign('EV-WANDER', alpha, beta);
	expect(await pastOf('beta')).toEqual({ firmwares: [], speeds: 0, readings: 0 });
	for (const name of ['alpha', 'north']) expect(await pastOf(name)).toEqual([404, 404, 404]);
	const connections = async (name: string) =>
		listConnections.reply.parse((await ask(name, '/api/devices/EV-WANDER/connections')).reply);
	const parked = async (name: string) =>
		listParked.reply.parse((await ask(name, '/api/parked?q=EV-WANDER')).reply).rows.length;
	expect(await connections('beta-staff')).toMatchObject({
		connections: [],
		messageCounts: Array.from({ length: 12 }, () => 0),
		parked: { count: 0, bytes: 0 },
	});
	expect(await parked('beta-staff')).toBe(0);

	const second = await connect();
	await say(second, 'beta-1');
	await expect
		.poll(() => pastOf('beta'))
		.toEqual({ firmwares: ['beta-1'], speeds: 1, readings: 1 });
	await expect.poll(() => parked('beta-staff')).toBe(1);
	await expect
		.poll(() => connections('beta-staff'))
		.toMatchObject({
			connections: [{ endedAtMs: null, messages: 2 }],
			parked: { count: 1 },
		});
	expect((await connections('admin')).connections).toHaveLength(2);
	expect(await parked('admin')).toBe(2);

	// What it did meanwhile is not for the one to whom it comes back.
	await assign('EV-WANDER', beta, alpha);
	expect(await pastOf('alpha')).toEqual(ofAlpha);
	await second.endAsync();
});

/** In which cities the map counts a customer's devices. */
async function citiesOf(customerNo: number): Promise<string[]> {
	const { reply } = await ask('admin', `${showMapRegions.path}?customerNo=${customerNo}`);
	const { countries } = showMapRegions.reply.parse(reply);
	return countries
		.flatMap(({ states }) => states.flatMap(({ cities }) => cities))
		.filter(({ counts }) => Object.values(counts).some((count) => count > 0))
		.map(({ city }) => city);
}

async function locationIn(city: string): Promise<number> {
	const place = {
		city,
		district: city,
		state: 'Kerala',
		country: 'IN',
		zone: null,
		lat: 9,
		lon: 76,
	};
	const reply = await change('POST', addLocation.path, place);
	return addLocation.reply.parse(reply).locationNo;
}

test('a device without a position moves on the map at once when its customer does', async () => {
	const [kochi] = [await locationIn('Kochi'), await locationIn('Munnar')];
	// The map has read its places before, and would keep them for a while.
	expect(await citiesOf(alpha)).toEqual([]);
	const edit = {
		name: 'Gamma Cabs',
		address: '1 Quay Road',
		city: 'Elsewhere',
		pinCode: '682001',
		mobile: '+919876543210',
		email: 'gamma@example.org',
		locationNo: kochi,
		dealerNo: null,
	};
	const added = addCustomer.reply.parse(await change('POST', addCustomer.path, edit));
	await assign('EV-PARKED', null, added.customerNo);
	await expect.poll(() => citiesOf(added.customerNo)).toEqual(['Kochi']);

	const moved = { ...edit, locationNo: null, city: 'Munnar' };
	const path = editCustomer.path.replace(':customerNo', String(added.customerNo));
	await change('PUT', path, { before: edit, after: moved });
	expect(await citiesOf(added.customerNo)).toEqual(['Munnar']);
});
