import mqtt from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { parkedPath, paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { launchBrowser } from './harness/browser.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';

const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const shown = [
	['light', desktop],
	['dark', desktop],
	['light', phone],
	['dark', phone],
] as const;
const devices = ['EV-1', 'EV-2', 'EV-3', 'EV-4'];

let browser: Browser;
let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;

beforeAll(async () => {
	[browser, db, folder] = await Promise.all([
		launchBrowser(),
		createTestDatabase(),
		createTestFolder(),
	]);
	installation = await createInstallation(db.url, devices);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	for (const { deviceId, key } of installation.devices) {
		const device = mqtt.connect(`mqtt://127.0.0.1:${product.mqttPort}`, {
			username: deviceId,
			password: key,
			reconnectPeriod: 0,
		});
		await device.publishAsync(telemetryTopic(deviceId), '{"speed_kmh": 12', { qos: 1 });
		await device.publishAsync(telemetryTopic(deviceId), '[7]', { qos: 1 });
		await device.endAsync();
	}
});
afterAll(async () => {
	await browser.close();
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

/** Corrects what a device's messages could not be read for, as a new version of the server would. */
async function repair(deviceId: string, body: string): Promise<void> {
	await db.pool.query(
		`update parked_message set body = $2, reason = 'failed', detail = 'a step was out of order'
		where device_no = (select device_no from device where device_id = $1) and reason = 'not_json'`,
		[deviceId, Buffer.from(body)],
	);
}

async function openParked(page: Page, path: string): Promise<void> {
	await page.goto(product.url);
	await page.getByLabel('E-mail').fill(installation.email);
	await page.getByLabel('Password', { exact: true }).fill(installation.password);
	await page.keyboard.press('Enter');
	await page.waitForURL((url) => url.pathname !== '/sign-in');
	await page.goto(new URL(path, product.url).href);
}

async function picture(page: Page, name: string): Promise<void> {
	const dir = process.env.SCREENSHOTS;
	if (dir !== undefined) await page.screenshot({ path: `${dir}/${name}.png` });
}

async function confirm(page: Page): Promise<void> {
	await page.locator('[role=dialog] input:focus').waitFor();
	await page.keyboard.type('Confirm');
	await page.keyboard.press('Enter');
	await page.locator('[role=dialog] input:focus').waitFor({ state: 'detached' });
}

test.each(shown)(
	'parked messages are looked at, replayed and discarded, %s %o',
	async (colorScheme, viewport) => {
		const index = shown.findIndex(([scheme, view]) => scheme === colorScheme && view === viewport);
		const name = (what: string) => `parked-${what}-${colorScheme}-${viewport.width}`;
		const deviceId = devices[index] ?? '';
		await repair(deviceId, '{"boot": "a", "seq": 1, "speed_kmh": 12}');
		const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
		const page = await context.newPage();
		await openParked(page, paths.parked);
		await page.getByText('Not a reading').first().waitFor();
		expect(await violations(page)).toEqual([]);
		await picture(page, name('list'));

		await page.goto(new URL(parkedPath(deviceId), product.url).href);
		await page.getByText('Could not be stored').first().waitFor();
		await expect.poll(() => page.getByText('Not a reading').count()).toBe(1);
		await page.getByText('Could not be stored').first().click();
		const body = page.getByRole('region', { name: 'Body' });
		await body.getByText('"speed_kmh": 12').waitFor();
		await page.getByText('Hex', { exact: true }).click();
		await body.getByText('000000  7b 22 62 6f 6f 74').waitFor();
		await page.getByText('a step was out of order').last().waitFor();
		expect(await violations(page)).toEqual([]);
		await picture(page, name('bytes'));
		await page.getByRole('button', { name: 'Close' }).first().click();

		await page.getByRole('button', { name: 'Replay all 2' }).click();
		await confirm(page);
		await page.getByText('Replay of 2 done').waitFor();
		await page.getByText('1 stored, 1 failed again, 0 of retired devices.').waitFor();
		await page.getByRole('button', { name: 'Replay all 1' }).waitFor();
		await picture(page, name('replayed'));
		const { rows } = await db.pool.query(
			`select speed_kmh, received_at < now() as is_past from readings r join device d using (device_no)
		where d.device_id = $1`,
			[deviceId],
		);
		expect(rows).toEqual([{ speed_kmh: 12, is_past: true }]);

		await page.getByRole('button', { name: 'Discard all 1' }).click();
		await confirm(page);
		await page.getByText('No parked message matches').waitFor();
		const { rows: audit } = await db.pool.query(
			`select action, before->'messages' as before, after->'messages' as after from audit_entry
		where coalesce(before, after)->'selection'->>'deviceId' = $1 order by audit_no`,
			[deviceId],
		);
		expect(audit).toEqual([
			{ action: 'parked.replay', before: null, after: 2 },
			{ action: 'parked.discard', before: 1, after: null },
		]);
		await context.close();
	},
);
