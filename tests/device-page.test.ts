import mqtt from 'mqtt';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, desktop, signInOn, sizes } from './harness/pages.ts';
import { colourAt, type Point } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** It drove yesterday from ten o'clock on, was silent for twenty minutes, and drove on. */
const driven = 'DEV-DRIVEN';
const silent = 'DEV-SILENT';

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
/** Ten o'clock yesterday, UTC, which is the organization's time zone. */
let tenMs: number;

beforeAll(async () => {
	db = await createTestDatabase();
	installation = await createInstallation(db.url, [driven, silent]);
	tenMs = Math.floor(Date.now() / dayMs) * dayMs - dayMs + 10 * 60 * minuteMs;
	await storeDrive(deviceNoOf(driven));
	folder = await createTestFolder();
	product = await startProduct({
		dataDir: folder.path,
		environment: { DATABASE_URL: db.url },
	});
});
afterAll(async () => {
	await product.end('SIGTERM');
	await folder.remove();
	await db.drop();
});

function deviceNoOf(deviceId: string): number {
	return installation.devices.find((device) => device.deviceId === deviceId)?.deviceNo ?? 0;
}

/** Twenty minutes of readings every ten seconds, twenty of silence, ten more; the position is held for a minute. */
async function storeDrive(deviceNo: number): Promise<void> {
	const yesterday = new Date(tenMs).toISOString().slice(0, 10);
	await db.pool.query(
		`create table readings_${yesterday.replaceAll('-', '_')} partition of readings
		for values from ('${yesterday}') to ('${new Date(tenMs + dayMs).toISOString().slice(0, 10)}')`,
	);
	await db.pool.query(
		`insert into readings (device_no, at, ident, received_at, lat, lon, speed_kmh, soc_pct)
		select $1, at, i, at, 34 + (i / 6) * 0.002, -6.8 + (i / 6) * 0.001, 40 + i % 7, 90 - i / 6.0
		from generate_series(0, 299) i cross join lateral (select $2::timestamptz + i * interval '10 s' as at)
		where i not between 120 and 239`,
		[deviceNo, new Date(tenMs)],
	);
	await db.pool.query(
		`insert into device_state (device_no, revision, last_heard_at, newest_at, position_at, power_at,
			lat, lon, speed_kmh, soc_pct, ignition, sensors)
		select $1, 1, at, at, at, at, 34.098, -6.751, 45, 40.2, true, '{"cell_mv": 3301, "mode": "eco"}'
		from (select $2::timestamptz as at)`,
		[deviceNo, new Date(tenMs + 49 * minuteMs + 50_000)],
	);
	await db.pool.query(
		`insert into fact (device_no, organization_no, kind, at, details)
		select device_no, organization_no, 'firmware_reported', $2::timestamptz + i * interval '1 minute',
			jsonb_build_object('from', '1.4.' || i, 'to', '1.4.' || i + 1)
		from v_device cross join generate_series(1, 12) i where device_no = $1`,
		[deviceNo, new Date(tenMs)],
	);
}

const open = browserPages(() => product.url);

/** What a browser without WebGL answers. */
function withoutWebGl(): void {
	HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
		apply: (own, canvas, [kind, ...rest]) =>
			kind === '2d' ? Reflect.apply(own, canvas, [kind, ...rest]) : null,
	});
}

async function openPage(
	path: string,
	options: BrowserContextOptions = desktop,
	prepare?: () => void,
): Promise<Page> {
	const before = async (page: Page) => {
		if (prepare) await page.addInitScript(prepare);
	};
	const page = await open({ path, options, before });
	await signInOn(page, installation);
	return page;
}

async function publish(deviceId: string, reading: object): Promise<void> {
	const device = installation.devices.find((each) => each.deviceId === deviceId);
	const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
		protocolVersion: 4,
		clientId: deviceId,
		username: deviceId,
		password: device?.key ?? '',
	});
	await client.publishAsync(telemetryTopic(deviceId), JSON.stringify(reading), { qos: 1 });
	await client.endAsync();
}

/** A live value by its name. */
function value(page: Page, name: string) {
	return page.locator('dl > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
}

/** Where on the page a mark of the route is. */
async function markOf(route: Locator, name: string): Promise<Point> {
	const box = await route.locator('g', { hasText: name }).locator('circle').boundingBox();
	if (box === null) throw new Error(`The route has no ${name}.`);
	return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The route once its map is there: where on the page they are. */
async function routeOnMap(page: Page) {
	const map = await page.locator('[data-ready] .maplibregl-canvas').boundingBox();
	if (map === null) throw new Error('The route has no map.');
	const route = page.getByRole('img', { name: /^Route on .*, 180 positions$/ });
	return { route, map, end: await markOf(route, 'End') };
}

/** Moves the pointer to the end of the route, wherever that is by then, until the page says where it is. */
async function pointAtEnd(page: Page, route: Locator): Promise<Point> {
	const position = page.getByText('34.09800, -6.75100');
	let end = await markOf(route, 'End');
	await expect
		.poll(async () => {
			end = await markOf(route, 'End');
			await page.mouse.move(end.x, end.y);
			return position.isVisible();
		})
		.toBe(true);
	return end;
}

const yesterdayRange = () => `from=${tenMs}&to=${tenMs + 60 * minuteMs}`;

test('the console leads to the device, and its values and charts grow while it reports', async () => {
	const page = await openPage(`/console?row=${silent}`);
	await page.getByRole('link', { name: 'Manage' }).click();
	await page.waitForURL(`**/devices/${silent}`);
	await page.getByRole('heading', { name: 'Nothing heard yet' }).waitFor();
	await page.getByRole('heading', { name: 'No history yet' }).waitFor();
	await page.getByRole('heading', { name: 'Nothing has happened yet' }).waitFor();
	expect(await violations(page)).toEqual([]);

	await publish(silent, { speed_kmh: 42, soc_pct: 77, ignition: true, boost: 3 });
	await page.getByText('Moving').waitFor();
	await page.getByText('Live', { exact: true }).waitFor();
	await expect.poll(() => value(page, 'Speed').innerText()).toContain('42');
	await page.getByRole('img', { name: /^Speed, .* last 42$/ }).waitFor();
	await publish(silent, { speed_kmh: 51 });
	await page.getByRole('img', { name: /^Speed, .* highest 51, last 51$/ }).waitFor();
	await expect.poll(() => value(page, 'boost').innerText()).toBe('3');
});

test('a device that is not there, or not mine, cannot be shown', async () => {
	const page = await openPage('/devices/NO-SUCH-DEVICE');
	await page.getByRole('heading', { name: 'This device cannot be shown' }).waitFor();
	await page.getByText('There is no such device, or you may not see it.').waitFor();
});

test('charts are chosen, zoomed and read as a table, and the address keeps it', async () => {
	const page = await openPage(`/devices/${driven}?${yesterdayRange()}`);
	const speed = page.getByRole('img', { name: /^Speed, / });
	await expect.poll(() => speed.getAttribute('aria-label')).toContain('lowest 40, highest 46');

	await page.getByRole('combobox', { name: 'Values shown' }).click();
	await page.getByRole('option', { name: 'cell_mv' }).click();
	await page.getByRole('img', { name: 'cell_mv: no readings in this time' }).waitFor();
	await page.keyboard.press('Escape');
	const shown = () => new URL(page.url()).searchParams.get('fields');
	await expect.poll(shown).toBe('speed_kmh,soc_pct,sensor:cell_mv');

	// What moves on the page has come to rest when the pointer is over the chart.
	await speed.hover();
	const box = await speed.boundingBox();
	if (box === null) throw new Error('The chart has no place.');
	const [left, middle] = [box.x + box.width * 0.3, box.y + 40];
	await page.mouse.move(left, middle);
	await page.mouse.down();
	await page.mouse.move(left + 200, middle, { steps: 4 });
	await page.mouse.up();
	const lengthMs = () => {
		const { searchParams } = new URL(page.url());
		return Number(searchParams.get('to')) - Number(searchParams.get('from'));
	};
	await expect.poll(lengthMs).toBeLessThan(20 * minuteMs);
	const zoomedMs = lengthMs();
	await page.getByRole('button', { name: 'Zoom out' }).press('Enter');
	await expect.poll(lengthMs).toBeGreaterThan(1.9 * zoomedMs);

	await page.goto(new URL(`/devices/${driven}?${yesterdayRange()}`, product.url).href);
	await page.getByRole('switch', { name: 'Table' }).press('Space');
	const rows = page.getByRole('region', { name: 'Values over time' }).getByRole('row');
	await expect.poll(() => rows.nth(1).innerText()).toMatch(/10:49:50 am\s+45\s+40\.2/);
	await expect.poll(() => rows.count()).toBe(181);
});

test('facts read as their module words them, older ones on demand', async () => {
	const page = await openPage(`/devices/${driven}`);
	await page.getByText('It runs 1.4.13, before 1.4.12.').waitFor();
	expect(await page.getByText('It runs 1.4.2, before 1.4.1.').count()).toBe(0);
	await page.getByRole('button', { name: 'Show older' }).click();
	await page.getByText('It runs 1.4.2, before 1.4.1.').waitFor();
	await page.getByRole('button', { name: 'Show older' }).waitFor({ state: 'detached' });
});

describe('track and trace', () => {
	test('opens at the last known day, is honest about silence, and is stepped through by keyboard', async () => {
		const page = await openPage(`/devices/${driven}?tab=track`);
		const slider = page.getByRole('slider', { name: 'Playback position' });
		const said = () => slider.getAttribute('aria-valuetext');
		await page.getByText('10:19 am to 10:40 am, 20 min').waitFor();
		await expect.poll(said).toBe('10:00:00 am, 40 km/h, 90 % SoC');
		await slider.press('ArrowRight');
		await expect.poll(said).toBe('10:00:10 am, 41 km/h, 90 % SoC');
		await slider.press('End');
		await expect.poll(said).toBe('10:49:50 am, 45 km/h, 40 % SoC');
		await slider.press('Home');

		await page.getByRole('radio', { name: '10×' }).press('ArrowRight');
		await slider.press('Space');
		await expect
			.poll(() => slider.inputValue().then(Number), { timeout: 30_000 })
			.toBeGreaterThan(12);
		await slider.press('Space');
		await page.getByRole('button', { name: 'Play', exact: true }).press('Space');
		await page.getByRole('button', { name: 'Pause' }).press('Enter');
		await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
	});

	test('a point of the route says what the device said there, and playback goes on from it', async () => {
		const page = await openPage(`/devices/${driven}?tab=track`);
		const { route } = await routeOnMap(page);
		const end = await pointAtEnd(page, route);
		await page.getByText('10:49:00 am, 40 km/h, 41 % SoC').waitFor();
		await page.mouse.click(end.x, end.y);
		await page.mouse.move(0, 0);
		const slider = page.getByRole('slider', { name: 'Playback position' });
		await expect.poll(() => slider.inputValue().then(Number)).toBeGreaterThan(170);
		// It went north by 222 m and east by 92 m at a time.
		const arrow = route.locator('[data-heading]');
		const heading = async () => Number(await arrow.getAttribute('data-heading'));
		await expect.poll(async () => Math.abs((await heading()) - 22.5)).toBeLessThan(1);
	});

	test('the route stays on its map, which is zoomed by buttons and shown as a whole again', async () => {
		const page = await openPage(`/devices/${driven}?tab=track`);
		const { map, end } = await routeOnMap(page);
		await expect
			.poll(() => colourAt(page, { x: map.x + 6, y: map.y + 6 }))
			.toMatch(/^#(f8f8f6|dfe7ee)$/);
		await page.getByRole('link', { name: 'Natural Earth' }).waitFor();
		const fromMiddle = async () => {
			const now = await routeOnMap(page);
			return Math.hypot(now.end.x - map.x - map.width / 2, now.end.y - map.y - map.height / 2);
		};
		const before = Math.hypot(end.x - map.x - map.width / 2, end.y - map.y - map.height / 2);
		await page.getByRole('button', { name: 'Zoom out' }).last().press('Enter');
		await expect.poll(async () => (await fromMiddle()) / before).toBeCloseTo(0.5, 2);
		await page.getByRole('button', { name: 'Show the whole route' }).press('Enter');
		await expect.poll(async () => (await fromMiddle()) / before).toBeCloseTo(1, 2);
	});

	test('the map is loaded with its tab, and without WebGL the route is drawn to scale alone', async () => {
		const page = await openPage(`/devices/${driven}`, desktop, withoutWebGl);
		const scripts: string[] = [];
		page.on('request', (request) => scripts.push(request.url()));
		await page.getByRole('heading', { name: 'Position' }).waitFor();
		const isMap = (url: string) => url.includes('/create-map-');
		expect(
			await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name)),
		).not.toSatisfy((names: string[]) => names.some(isMap));
		await page.getByRole('tab', { name: 'Track & Trace' }).click();
		await expect.poll(() => scripts.some(isMap)).toBe(true);
		const route = page.getByRole('img', { name: /^Route on .*, 180 positions$/ });
		await pointAtEnd(page, route);
		expect(await page.getByRole('button', { name: 'Show the whole route' }).count()).toBe(0);
		expect(await violations(page)).toEqual([]);
	});

	test('a day without a position leads back to one with', async () => {
		const page = await openPage(`/devices/${driven}?tab=track`);
		await page.getByRole('button', { name: 'Day before' }).click();
		await page.getByRole('heading', { name: 'No route on this day' }).waitFor();
		expect(await violations(page)).toEqual([]);
		await page.getByRole('button', { name: 'Last known day' }).click();
		await page.getByRole('slider', { name: 'Playback position' }).waitFor();
	});
});

test.each(sizes)('axe finds nothing, %s', async (_, options) => {
	const page = await openPage(`/devices/${driven}?${yesterdayRange()}`, options);
	await page.getByRole('img', { name: /^Speed, / }).waitFor();
	await page.getByText('It runs 1.4.13').waitFor();
	expect(await violations(page)).toEqual([]);
	const widthPx = await page.evaluate(() => document.documentElement.scrollWidth);
	expect(widthPx).toBe(options.viewport?.width);
	await page.getByRole('switch', { name: 'Table' }).press('Space');
	await page.getByRole('region', { name: 'Values over time' }).waitFor();
	expect(await violations(page)).toEqual([]);
	await page.getByRole('tab', { name: 'Track & Trace' }).click();
	await page.getByRole('slider', { name: 'Playback position' }).waitFor();
	await routeOnMap(page);
	expect(await violations(page)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(widthPx);
});
