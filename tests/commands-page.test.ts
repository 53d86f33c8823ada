import mqtt from 'mqtt';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandMessageSchema } from '#contract/device-command.ts';
import { commandResultTopic, commandTopic } from '#contract/device-topics.ts';
import { devicePath } from '#web/links.ts';
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

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(
		db.url,
		sizes.flatMap(([size]) => [`EV-${size}`, `AWAY-${size}`]),
	);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

const open = browserPages(() => product.url);

async function openDevice(page: Page, deviceId: string): Promise<void> {
	await page.goto(new URL(devicePath(deviceId), product.url).href);
	await page.getByText('This device was not told to do anything yet.').waitFor();
}

test.each(sizes)('a reboot from the button to the answer, %s', async (size, options) => {
	const deviceId = `EV-${size}`;
	const device = mqtt.connect(`mqtt://127.0.0.1:${product.mqttPort}`, {
		username: deviceId,
		password: installation.devices.find((each) => each.deviceId === deviceId)?.key ?? '',
		reconnectPeriod: 0,
	});
	const commandIds: string[] = [];
	const say = (body: object) =>
		device.publishAsync(commandResultTopic(deviceId, commandIds[0] ?? ''), JSON.stringify(body), {
			qos: 1,
		});
	device.on('message', (_, payload) =>
		commandIds.push(commandMessageSchema.parse(JSON.parse(payload.toString())).commandId),
	);
	await device.subscribeAsync(commandTopic(deviceId), { qos: 1 });

	const page = await open({ path: '/', options });
	await signInOn(page, installation);
	await page.waitForURL((url) => url.pathname !== '/sign-in');
	await openDevice(page, deviceId);

	await page.getByRole('button', { name: 'Reboot' }).press('Enter');
	const dialog = page.getByRole('dialog');
	await dialog.getByText(deviceId, { exact: true }).waitFor();
	await page.locator('[role=dialog] input:focus').waitFor();
	const submit = dialog.getByRole('button', { name: 'Reboot' });
	expect(await submit.isDisabled()).toBe(true);
	await page.keyboard.type(' confIRM ');
	await picture(page, 'commands-dialog');
	expect(await violations(page, '[role=dialog]')).toEqual([]);
	await page.keyboard.press('Enter');
	await dialog.waitFor({ state: 'detached' });
	const trace = page.getByRole('listitem').filter({ hasText: 'Asked for by Operator' }).first();
	await trace.getByText('Received').waitFor();

	await page.getByRole('button', { name: 'Reboot' }).press('Enter');
	await page.locator('[role=dialog] input:focus').waitFor();
	await page.keyboard.type('Confirm');
	await page.keyboard.press('Enter');
	await dialog.getByText('Reboot is still under way to this device.').waitFor();
	await page.keyboard.press('Escape');

	await say({ status: 'ACCEPTED' });
	await trace.getByText('The device is at it.').waitFor();
	await picture(page, 'commands-accepted');
	await say({ status: 'REFUSED', reason: 'The seat is occupied.' });
	await trace.getByText('The device says: The seat is occupied.').waitFor();
	expect(await violations(page, 'main')).toEqual([]);
	await trace.scrollIntoViewIfNeeded();
	await picture(page, 'commands-refused');

	await openDevice(page, `AWAY-${size}`);
	await page.getByRole('button', { name: 'Reboot' }).press('Enter');
	await page.locator('[role=dialog] input:focus').waitFor();
	await page.keyboard.type('Confirm');
	await page.keyboard.press('Enter');
	await trace.getByText('The device is not connected. Given up in').waitFor();
	await trace.scrollIntoViewIfNeeded();
	await picture(page, 'commands-waiting');
	await device.endAsync(true);
});
