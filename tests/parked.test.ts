import mqtt from 'mqtt';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { parkedPath, paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, signInOn, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(
		db.url,
		sizes.map(([size]) => `EV-${size}`),
	);
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

async function confirm(page: Page): Promise<void> {
	await page.locator('[role=dialog] input:focus').waitFor();
	await page.keyboard.type('Confirm');
	await page.keyboard.press('Enter');
	await page.locator('[role=dialog] input:focus').waitFor({ state: 'detached' });
}

test.each(sizes)(
	'parked messages are looked at, replayed and discarded, %s',
	async (size, options) => {
		const deviceId = `EV-${size}`;
		await repair(deviceId, '{"boot": "a", "seq": 1, "speed_kmh": 12}');
		const page = await openPage({ path: paths.parked, options });
		await signInOn(page, installation);
		await page.getByText('Not a reading').first().waitFor();
		expect(await violations(page)).toEqual([]);
		await picture(page, 'parked-list');

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
		await picture(page, 'parked-bytes');
		await page.getByRole('button', { name: 'Close' }).first().click();

		await page.getByRole('button', { name: 'Replay all 2' }).click();
		await confirm(page);
		await page.getByText('Replay of 2 done').waitFor();
		await page.getByText('1 stored, 1 failed again, 0 of retired devices.').waitFor();
		await page.getByRole('button', { name: 'Replay all 1' }).waitFor();
		await picture(page, 'parked-replayed');
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
	},
);
