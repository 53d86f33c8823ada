import { readFile } from 'node:fs/promises';
import mqtt from 'mqtt';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { createCustomer } from '#modules/customers/server/index.ts';
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
import { until } from './harness/until.ts';

const password = 'a sentence works well';

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, ['EV-RETIRE', 'EV-RENEW', 'EV-EDIT']);
	await newMember('admin');
	await newMember('operation');
	await newMember('b2b');
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

async function newMember(role: Role): Promise<void> {
	const { organizationNo } = installation;
	const customerNo = await createCustomer(db.database, organizationNo, {
		name: `Customer of ${role}`,
		dealerNo: null,
		email: null,
		mobile: null,
		address: null,
		city: null,
		pinCode: null,
	});
	await createMember(db.database, {
		organizationNo,
		name: role,
		email: `${role}@example.org`,
		password,
		role,
		dealerNo: null,
		customerNos: role === 'b2b' ? [customerNo] : null,
	});
}

async function open(
	path: string,
	options: BrowserContextOptions = desktop,
	role = 'admin',
): Promise<Page> {
	const cookie = await signIn(product.url, `${role}@example.org`, password);
	return openPage({ path, options, cookie });
}

/** Connects as a device. @returns its connection, or the reason why it was refused */
async function connect(deviceId: string, key: string): Promise<mqtt.MqttClient | string> {
	const client = mqtt.connect(`mqtt://127.0.0.1:${product.mqttPort}`, {
		username: deviceId,
		password: key,
		reconnectPeriod: 0,
	});
	const { promise, resolve } = Promise.withResolvers<mqtt.MqttClient | string>();
	client.on('connect', () => resolve(client));
	client.on('error', (error) => resolve(error.message));
	return promise;
}

function closeOf(connection: mqtt.MqttClient): Promise<void> {
	return new Promise((resolve) => connection.once('close', () => resolve()));
}

async function isLetIn(deviceId: string, key: string): Promise<boolean> {
	const connection = await connect(deviceId, key);
	if (typeof connection === 'string') {
		expect(connection).toMatch(/Connection refused/);
		return false;
	}
	await connection.endAsync(true);
	return true;
}

/** Reads the key that is shown once, and closes its window. */
async function noteKey(page: Page): Promise<string> {
	const key = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
	expect(key).toMatch(/^[\w-]{43}$/);
	await page.getByRole('button', { name: 'I have noted it' }).click();
	await page.getByText(key).waitFor({ state: 'detached' });
	return key;
}

async function act(page: Page, action: string): Promise<void> {
	await page.getByRole('button', { name: 'Actions' }).click();
	await page.getByRole('menuitem', { name: action }).click();
}

function keyOf(deviceId: string): string {
	return installation.devices.find((each) => each.deviceId === deviceId)?.key ?? '';
}

/** Reads the console anew until it says this; not too often, since a second press breaks off the reading of the first. */
async function refreshUntil(page: Page, sentence: string): Promise<void> {
	await until(async () => {
		await page.getByRole('button', { name: 'Refresh' }).click();
		await page.getByText(sentence).waitFor({ timeout: 10_000 });
	}, 60_000);
}

test.each(sizes)('a device is added and its key lets it in, %s', async (size, options) => {
	const deviceId = `ADD-${size}`;
	const page = await open(paths.adminDevices, options);
	await page.getByRole('button', { name: 'Add device' }).click();
	await page.getByRole('textbox', { name: 'Device ID' }).fill('EV-EDIT');
	await page.getByRole('textbox', { name: 'Telematics ID' }).fill(`T-${size}`);
	await picture(page, 'devices-add');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('Device ID EV-EDIT is already in use by the device EV-EDIT.').waitFor();
	await page.getByRole('textbox', { name: 'Device ID' }).fill(deviceId);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('it cannot be shown again').waitFor();
	await picture(page, 'devices-key');
	expect(await violations(page)).toEqual([]);
	const key = await noteKey(page);
	expect(await isLetIn(deviceId, key)).toBe(true);

	await page.getByLabel(/^Search by/).fill(`t-${size}`);
	await page.getByText('1-1 of 1 items').waitFor();
	await page.goto(new URL(rowLink(paths.adminDevices, deviceId), product.url).href);
	await page.getByText('Nobody in particular').waitFor();
	await picture(page, 'devices-panel');
	expect(await violations(page)).toEqual([]);
});

test('a renewed key works at once, the old one until its time is over', async () => {
	const page = await open(rowLink(paths.adminDevices, 'EV-RENEW'));
	await act(page, 'Renew key');
	await page.getByLabel('Old key still taken for, hours').waitFor();
	await picture(page, 'devices-renew');
	expect(await violations(page)).toEqual([]);
	await confirmOn(page);
	await page.getByText('The old key is still taken until').waitFor();
	const key = await noteKey(page);
	const old = keyOf('EV-RENEW');
	expect(await isLetIn('EV-RENEW', key)).toBe(true);
	expect(await isLetIn('EV-RENEW', old)).toBe(true);
	await page.getByText('Renewed, old key until').first().waitFor();
	await db.pool.query(`update device set old_key_valid_until = now() where device_id = 'EV-RENEW'`);
	expect(await isLetIn('EV-RENEW', old)).toBe(false);
	expect(await isLetIn('EV-RENEW', key)).toBe(true);
});

test('without grace the old key and its connections end at once', async () => {
	const [{ deviceId, key } = { deviceId: '', key: '' }] = installation.devices.filter((each) =>
		each.deviceId.endsWith('EDIT'),
	);
	const device = await connect(deviceId, key);
	if (typeof device === 'string') throw new Error(device);
	const closed = closeOf(device);
	const page = await open(rowLink(paths.adminDevices, deviceId));
	await act(page, 'Renew key');
	await page.getByLabel('Old key still taken for, hours').fill('0');
	await confirmOn(page);
	await page.getByText('The old key is not taken any more.').waitFor();
	await closed;
	const next = await noteKey(page);
	expect(await isLetIn(deviceId, key)).toBe(false);
	expect(await isLetIn(deviceId, next)).toBe(true);
});

test('a retired device is disconnected and leaves the console, until it is brought back', async () => {
	const key = keyOf('EV-RETIRE');
	const device = await connect('EV-RETIRE', key);
	if (typeof device === 'string') throw new Error(device);
	const closed = closeOf(device);
	const console = await open(`${paths.console}?q=EV-RETIRE`);
	await console.getByText('1-1 of 1 items').waitFor();

	const page = await open(rowLink(paths.adminDevices, 'EV-RETIRE'));
	await act(page, 'Retire');
	await page.getByText('its history stays').waitFor();
	await confirmOn(page);
	await page.getByText('EV-RETIRE was retired.').waitFor();
	await closed;
	expect(await isLetIn('EV-RETIRE', key)).toBe(false);
	await refreshUntil(console, 'No device matches');

	await page.goto(new URL(`${paths.adminDevices}?state=retired&row=EV-RETIRE`, product.url).href);
	await act(page, 'Bring back');
	await confirmOn(page);
	await page.getByText('EV-RETIRE is in service again.').waitFor();
	expect(await isLetIn('EV-RETIRE', key)).toBe(true);
	await refreshUntil(console, '1-1 of 1 items');
});

test('the second of two editors is told what the first changed', async () => {
	const path = `${rowLink(paths.adminDevices, 'EV-EDIT')}&form=EV-EDIT`;
	const [first, second] = [await open(path), await open(path)];
	const write = async (page: Page, label: string, value: string) => {
		await page.getByRole('textbox', { name: label, exact: true }).fill(value);
		await page.getByRole('button', { name: 'Submit' }).click();
		await confirmOn(page);
	};
	await second.getByRole('textbox', { name: 'SIM number' }).waitFor();
	await write(first, 'Name', 'Forklift');
	await first.getByText('EV-EDIT was changed.').waitFor();
	await write(second, 'SIM number', '8991');
	await second.getByText('Name is now “Forklift”').waitFor();
	await picture(second, 'devices-conflict');
	const { rows } = await db.pool.query(
		`select name, sim_no from device where device_id = 'EV-EDIT'`,
	);
	expect(rows).toEqual([{ name: 'Forklift', sim_no: null }]);
});

async function choose(page: Page, lines: readonly string[]): Promise<void> {
	const chooser = page.waitForEvent('filechooser');
	await page.getByRole('button', { name: 'Choose a CSV file' }).click();
	await (await chooser).setFiles({
		name: 'list.csv',
		mimeType: 'text/csv',
		buffer: Buffer.from(['Device ID,Family,Telematics ID', ...lines].join('\r\n')),
	});
}

test('devices are imported once the file is right, and connect with the keys of the download', async () => {
	const page = await open(paths.adminDevices);
	await page.getByRole('button', { name: 'Import CSV' }).click();
	const template = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Download the template' }).click();
	expect((await template).suggestedFilename()).toBe('devices-template.csv');

	await choose(page, ['IMP-1,ev,', 'IMP-2,lorry,', 'EV-EDIT,ultra,']);
	await page.getByText('Enter a family: EV, X Pro, Unified, Ultra.').waitFor();
	await page.getByText('The device is registered with other values.').waitFor();
	await picture(page, 'devices-import-errors');
	expect(await violations(page)).toEqual([]);
	expect(await page.getByRole('button', { name: /^Add \d+ devices/ }).count()).toBe(0);

	await page.getByRole('button', { name: 'All imports' }).click();
	await choose(page, ['IMP-1,ev,', 'IMP-2,Ultra,IT-2', 'EV-EDIT,ev,']);
	await page.getByRole('button', { name: 'Add 2 devices' }).click();
	await confirmOn(page);
	await page.getByText('Added 2 devices.').waitFor();
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Download the keys' }).click();
	const download = page.waitForEvent('download');
	await confirmOn(page);
	const file = await readFile(await (await download).path(), 'utf8');
	const keys = new Map(
		file
			.trim()
			.split('\r\n')
			.slice(1)
			.map((line): [string, string] => {
				const [deviceId = '', key = ''] = line.split(',');
				return [deviceId, key];
			}),
	);
	expect([...keys.keys()]).toEqual(['IMP-1', 'IMP-2']);
	for (const [deviceId, key] of keys) expect(await isLetIn(deviceId, key)).toBe(true);
	await page.getByText('The keys were handed out.').waitFor();
	await page.getByRole('button', { name: 'Download the keys' }).waitFor({ state: 'detached' });
	await picture(page, 'devices-import-done');
	await page.keyboard.press('Escape');
	await page.getByText('IMP-2', { exact: true }).first().waitFor();
});

test('Operation reads the list and is offered no change; B2B has no such page', async () => {
	const page = await open(rowLink(paths.adminDevices, 'EV-RENEW'), desktop, 'operation');
	await page.getByRole('complementary', { name: 'Details' }).getByText('GSM').waitFor();
	for (const name of ['Add device', 'Edit device', 'Actions', 'Import CSV'])
		expect(await page.getByRole('button', { name }).count(), name).toBe(0);
	const other = await open(paths.adminDevices, desktop, 'b2b');
	await other.getByText('This page is not open to your role').waitFor();
	expect(await other.getByRole('table').count()).toBe(0);
});

test('keys are in no log', () => {
	for (const { key } of installation.devices) expect(product.said()).not.toContain(key);
});
