import { connectAsync, type MqttClient } from 'mqtt';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { createLocations } from '#modules/locations/server/index.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, desktop, phone, signInOn } from './harness/pages.ts';
import { colourAt, type Point } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';

const pune = { lat: 18.52, lon: 73.86 };
const mumbai = { lat: 19.08, lon: 72.88 };
/** At zoom 14 near Pune a pixel is 4.5 m wide. */
const atPune = `at=${pune.lat},${pune.lon},14`;
const eastPx = 100;
const east = { lat: pune.lat, lon: pune.lon + (eastPx * 360) / (512 * 2 ** 14) };

let folder: TestFolder;
let db: TestDatabase;
let installation: Installation;
let product: RunningProduct;
const clients = new Map<string, MqttClient>();

beforeAll(async () => {
	folder = await createTestFolder();
	db = await createTestDatabase();
	installation = await createInstallation(db.url, ['ROVER', 'PARKED', 'FAR', 'SILENT']);
	const { organization_no } = await db.database
		.selectFrom('organization')
		.select('organization_no')
		.executeTakeFirstOrThrow();
	const facts = { state: 'Maharashtra', country: 'IN', zone: 'West' };
	await createLocations(db.database, organization_no, [
		{ ...facts, city: 'Pune', district: 'Pune', ...pune },
		{ ...facts, city: 'Mumbai', district: 'Mumbai City', ...mumbai },
	]);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	await report('ROVER', { ...pune, speed_kmh: 30, ignition: true });
	await report('PARKED', { lat: pune.lat + 0.004, lon: pune.lon, speed_kmh: 0, ignition: true });
	await report('FAR', { ...mumbai, speed_kmh: 0, ignition: false });
});
afterAll(async () => {
	await Promise.all([...clients.values()].map((client) => client.endAsync()));
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

/** A reading of a device, acknowledged. */
async function report(deviceId: string, values: Record<string, number | boolean>): Promise<void> {
	const device = installation.devices.find((each) => each.deviceId === deviceId);
	const client =
		clients.get(deviceId) ??
		(await connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
			clientId: deviceId,
			username: deviceId,
			password: device?.key ?? '',
		}));
	clients.set(deviceId, client);
	const reading = { at: new Date().toISOString(), soc_pct: 61, ...values };
	await client.publishAsync(telemetryTopic(deviceId), JSON.stringify(reading), { qos: 1 });
}

const open = browserPages(() => product.url);

async function openMap(search: string, options: BrowserContextOptions = desktop): Promise<Page> {
	const page = await open({ path: `/map?${search}`, options });
	await signInOn(page, installation);
	await page.waitForFunction(() => performance.getEntriesByName('map-usable').length > 0);
	return page;
}

async function middleOf(page: Page): Promise<Point> {
	const box = await page.locator('.maplibregl-canvas').boundingBox();
	if (box === null) throw new Error('the map is not there');
	return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const moving = '#007c4a';

/** A device may stand a pixel beside the middle; its shape is wider than that. */
async function shows(page: Page, at: Point, colour: string, isThere = true): Promise<void> {
	await expect.poll(async () => (await colourAt(page, at)) === colour).toBe(isThere);
}

function chip(page: Page, name: string) {
	return page.getByRole('group', { name: 'Statuses' }).getByRole('button', { name });
}

test('devices are drawn where they are, and one that moves is moved', async () => {
	const page = await openMap(atPune);
	const middle = await middleOf(page);
	await shows(page, middle, moving);
	await expect.poll(() => chip(page, 'All').innerText()).toContain('4');
	await page.getByText('1 without a position').waitFor();

	const beside = { x: middle.x + eastPx, y: middle.y };
	await report('ROVER', { ...east, speed_kmh: 30, ignition: true });
	await expect.poll(() => colourAt(page, beside), { interval: 50 }).toBe(moving);
	await report('ROVER', { ...pune, speed_kmh: 30, ignition: true });
	await shows(page, middle, moving);
});

test('a chip shows its status alone, and the address keeps it', async () => {
	const page = await openMap(atPune);
	const middle = await middleOf(page);
	await shows(page, middle, moving);
	await chip(page, 'Stopped').click();
	await page.waitForURL(/status=stopped/);
	await shows(page, middle, moving, false);
	await chip(page, 'Moving').click();
	await page.waitForURL(/status=moving,stopped/);
	await shows(page, middle, moving);
	await expect.poll(() => chip(page, 'Moving').getAttribute('aria-pressed')).toBe('true');
});

test('a region opens to its cities, and a city is flown to', async () => {
	const page = await openMap('at=0,0,3');
	await page.getByRole('button', { name: 'Cities of Maharashtra' }).click();
	await page.getByRole('button', { name: /^Mumbai 1/ }).click();
	await expect
		.poll(() => new URL(page.url()).searchParams.get('at')?.split(',').map(Number)[2])
		.toBe(11.5);
	const [lat = 0] = new URL(page.url()).searchParams.get('at')?.split(',').map(Number) ?? [];
	expect(lat).toBeCloseTo(mumbai.lat, 1);
});

test('search finds a device, flies to it and opens its card, which the address keeps', async () => {
	const page = await openMap('at=0,0,3');
	await page.getByRole('searchbox').fill('far');
	await page.getByRole('button', { name: /^FAR/ }).click();
	const card = page.getByRole('region', { name: 'Device', exact: true });
	await card.getByText('Ignition Off').waitFor();
	await card.getByText('Mumbai').waitFor();
	await page.waitForURL(/device=FAR/);
	await page.reload();
	await card.getByText('Ignition Off').waitFor();
	await card.getByRole('button', { name: 'Close' }).click();
	await card.waitFor({ state: 'detached' });
});

test('pointing at a device tells of it', async () => {
	const page = await openMap(atPune);
	const middle = await middleOf(page);
	await shows(page, middle, moving);
	const card = page.getByRole('region', { name: 'Device', exact: true });
	const heading = card.getByRole('heading', { name: 'ROVER' });
	// A hand is never quite still; the map looks where the pointer is when it moves.
	let steps = 0;
	await expect
		.poll(async () => {
			await page.mouse.move(middle.x + (++steps % 2), middle.y);
			return heading.isVisible();
		})
		.toBe(true);
	await page.mouse.move(middle.x - 300, middle.y + 200);
	await card.waitFor({ state: 'detached' });
});

test('the keyboard moves and zooms the map', async () => {
	const page = await openMap(atPune);
	await page.locator('.maplibregl-canvas').press('+');
	await page.waitForURL(/at=[\d.,]+,15$/);
	await page.getByRole('button', { name: 'Show the whole fleet' }).press('Enter');
	await expect
		.poll(() => Number(new URL(page.url()).searchParams.get('at')?.split(',')[2]))
		.toBeLessThan(11);
});

test('without a mouse a vehicle is searched and its card opened, and a region unfolded', async () => {
	const page = await openMap('at=0,0,3');
	await page.getByRole('searchbox').focus();
	await page.keyboard.type('far');
	const found = page.getByRole('button', { name: /^FAR/ });
	await found.waitFor();
	for (let tabs = 0; tabs < 5; tabs++) {
		if (await found.evaluate((element) => element === document.activeElement)) break;
		await page.keyboard.press('Tab');
	}
	await page.keyboard.press('Enter');
	const card = page.getByRole('region', { name: 'Device', exact: true });
	await card.getByText('Ignition Off').waitFor();
	await page.getByRole('button', { name: 'Clear the search' }).click();
	await page.getByRole('button', { name: 'Cities of Maharashtra' }).press('Enter');
	await page.getByRole('button', { name: /^Mumbai 1/ }).waitFor();
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.waitForURL(/at=[\d.,]+,11\.5/);
});

test('a card leads to the track of its device, whose page leads back to the map', async () => {
	const page = await openMap('device=FAR');
	const card = page.getByRole('region', { name: 'Device', exact: true });
	await card.getByRole('link', { name: 'More info' }).click();
	await page.waitForURL(/\/devices\/FAR\?tab=track/);
	await page.getByRole('tab', { name: 'Track & Trace', selected: true }).waitFor();
	await page.getByRole('tab', { name: 'Manage' }).click();
	await page.getByRole('link', { name: 'Show on map' }).click();
	await card.getByRole('heading', { name: 'FAR' }).waitFor();
	await page.waitForURL(/\/map\?.*device=FAR/);
});

test('the details of a row in the console lead to the map, where there is a position', async () => {
	const page = await openMap(atPune);
	await page.goto(new URL('/console?row=FAR', product.url).href);
	await page.getByRole('link', { name: 'Show on map' }).click();
	await page.waitForURL(/\/map\?device=FAR/);
	await page.goto(new URL('/console?row=SILENT', product.url).href);
	await page.getByRole('link', { name: 'Manage' }).waitFor();
	expect(await page.getByRole('link', { name: 'Show on map' }).count()).toBe(0);
});

test('the scheme is switched while the map is there', async () => {
	const page = await openMap(atPune, { ...desktop, colorScheme: 'light' });
	const middle = await middleOf(page);
	await shows(page, middle, moving);
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Switch to dark' }).click();
	await shows(page, middle, '#48edb1');
});

test('a phone has chips, a sheet of regions, and no fault for axe', async () => {
	const page = await openMap(atPune, { ...phone, colorScheme: 'dark' });
	await shows(page, await middleOf(page), '#48edb1');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Regions' }).click();
	const sheet = page.getByRole('dialog', { name: 'Regions' });
	await sheet.getByText('Maharashtra').waitFor();
	expect(await violations(page)).toEqual([]);
	await sheet.getByRole('button', { name: 'Maharashtra 3' }).click();
	await sheet.waitFor({ state: 'detached' });
});
