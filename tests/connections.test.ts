import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
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
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, [...sizes.map(([size]) => `EV-${size}`), 'EV-K']);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

function connect(deviceId: string, options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> {
	return mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
		username: deviceId,
		password: installation.devices.find((each) => each.deviceId === deviceId)?.key ?? '',
		reconnectPeriod: 0,
		...options,
	});
}

test.each(sizes)(
	'a device is followed from its connection to its end, %s',
	async (size, options) => {
		const deviceId = `EV-${size}`;
		const page = await openPage({ path: devicePath(deviceId, 'connection'), options });
		await signInOn(page, installation);
		await page.getByText('Not connected', { exact: true }).waitFor();
		await page.getByText('Waiting for the next message.').waitFor();

		const device = await connect(deviceId, {
			clientId: 'controller 7',
			keepalive: 90,
			will: {
				topic: telemetryTopic(deviceId),
				payload: Buffer.from('{"ignition":0}'),
				qos: 0,
				retain: false,
			},
		});
		const say = (body: string) => device.publishAsync(telemetryTopic(deviceId), body, { qos: 1 });
		await say('{"boot":"a","seq":1,"speed_kmh":12}');
		const tail = page.getByRole('region', { name: 'Live messages' });
		await tail.getByText('"speed_kmh":12').waitFor();
		await say('{"broken":');
		await tail.getByText('{"broken":').waitFor();
		await tail.getByText('Hex').first().click();
		await tail.getByText('000000  7b 22 62 72 6f 6b 65 6e').waitFor();

		await tail.getByRole('button', { name: 'Pause' }).click();
		await say('{"boot":"a","seq":2,"speed_kmh":34}');
		await page.getByText('Connected since').waitFor();
		const now = page.getByRole('region', { name: 'Now' });
		await now.getByText('controller 7').waitFor();
		await now.getByText('90 s').waitFor();
		await now.getByText(`On ${telemetryTopic(deviceId)}`).waitFor();
		await now.getByRole('link', { name: '1 (10 B)' }).waitFor();
		const history = page.getByRole('table', { name: 'Connections of this device' });
		const row = history.getByRole('row').nth(1);
		// The server has heard the third message, and the page knows.
		await row.getByRole('cell', { name: '3', exact: true }).waitFor();
		expect(await tail.getByText('"speed_kmh":34').count()).toBe(0);
		await tail.getByRole('button', { name: 'Resume' }).click();
		await tail.getByText('"speed_kmh":34').waitFor();
		await expect.poll(() => tail.getByRole('article').count()).toBe(3);
		expect(await violations(page)).toEqual([]);
		await picture(page, 'connections-connection');

		await device.endAsync();
		await history.getByText('Closed by the device').waitFor();
		expect(await row.getByRole('cell').allTextContents()).toMatchObject([
			expect.any(String),
			expect.any(String),
			'Closed by the device',
			'MQTT',
			expect.stringContaining('127.0.0.1'),
			'controller 7',
			'3',
			'80',
		]);
	},
);

test('a server that was killed has ended its connections when it is back', async () => {
	const device = await connect('EV-K');
	device.on('error', () => {});
	const stored = () =>
		db.pool.query<{ reason: string | null; is_ended: boolean }>(
			`select reason, ended_at >= connected_at as is_ended from device_connection
			where device_no = (select device_no from device where device_id = 'EV-K')`,
		);
	await expect.poll(async () => (await stored()).rows).toEqual([{ reason: null, is_ended: null }]);
	await product.end('SIGKILL');
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	expect((await stored()).rows).toEqual([{ reason: 'server_stopped', is_ended: true }]);

	const again = await connect('EV-K');
	again.on('error', () => {});
	await product.end('SIGTERM');
	expect((await stored()).rows).toEqual([
		{ reason: 'server_stopped', is_ended: true },
		{ reason: 'server_stopped', is_ended: true },
	]);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
