import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { commandMessageSchema } from '#contract/device-command.ts';
import { commandTopic, telemetryTopic } from '#contract/device-topics.ts';
import { listCommands } from '#modules/commands/contract.ts';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { type RunningProduct, runProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

const deviceIds = ['EV-1', 'EV-2', 'EV-3', 'EV-4'];

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
let authority: string;

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, deviceIds);
	authority = makeAuthority('authority');
	makeCertificate('authority', 'server', 'localhost');
	makeCertificate('authority', 'device', 'EV-3');
	makeAuthority('stranger');
	makeCertificate('stranger', 'forged', 'EV-3');
	product = await startProduct({
		dataDir: join(folder.path, 'data'),
		environment: {
			DATABASE_URL: db.url,
			MQTT_TLS_CERT: fileOf('server.pem'),
			MQTT_TLS_KEY: fileOf('server.key'),
			MQTT_TLS_CLIENT_CA: authority,
		},
	});
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

const fileOf = (name: string): string => join(folder.path, name);
const openssl = (...parameters: string[]): void => {
	execFileSync('openssl', parameters, { stdio: 'pipe' });
};
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function makeAuthority(name: string): string {
	const [key, certificate] = [fileOf(`${name}.key`), fileOf(`${name}.pem`)];
	openssl('req', '-x509', ...newKey, '-keyout', key, '-out', certificate, '-subj', `/CN=${name}`);
	return certificate;
}

function makeCertificate(by: string, name: string, commonName: string): void {
	const [key, request] = [fileOf(`${name}.key`), fileOf(`${name}.csr`)];
	openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${commonName}`);
	const [ca, caKey] = [fileOf(`${by}.pem`), fileOf(`${by}.key`)];
	const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2'];
	openssl('x509', '-req', '-in', request, ...signing, '-out', fileOf(`${name}.pem`));
}

function device(place: number): RegisteredDevice {
	const found = installation.devices[place];
	if (found === undefined) throw new Error(`There is no device ${place}.`);
	return found;
}

function connect(url: string, options: mqtt.IClientOptions): Promise<mqtt.MqttClient> {
	const client = mqtt.connect(url, { reconnectPeriod: 0, ...options });
	client.on('error', () => {});
	return new Promise((resolve, reject) => {
		client.once('connect', () => resolve(client));
		client.once('close', () => reject(new Error('closed')));
	});
}

const credentials = ({ deviceId, key }: RegisteredDevice) => ({
	username: deviceId,
	password: key,
});
const reading = (seq: number, note = '') =>
	JSON.stringify({ boot: 'b', seq, at: new Date().toISOString(), soc_pct: 40 + seq, note });

async function storedOf({ deviceNo }: RegisteredDevice): Promise<unknown[]> {
	const { rows } = await db.pool.query<{ soc_pct: number }>(
		'select soc_pct from readings where device_no = $1 order by soc_pct',
		[deviceNo],
	);
	return rows.map((row) => row.soc_pct);
}

describe('MQTT over WebSocket', () => {
	const url = () => `${product.url.replace('http', 'ws')}/mqtt`;

	test('a device reports, hears commands and is acknowledged after the commit', async () => {
		const one = device(0);
		const client = await connect(url(), credentials(one));
		const large = 'n'.repeat(200_000);
		await client.publishAsync(telemetryTopic('EV-1'), reading(1, large), { qos: 1 });
		expect(await storedOf(one)).toEqual([41]);
		await Promise.all(
			[2, 3, 4].map((seq) => client.publishAsync(telemetryTopic('EV-1'), reading(seq), { qos: 1 })),
		);
		expect(await storedOf(one)).toEqual([41, 42, 43, 44]);
		const granted = await client.subscribeAsync(commandTopic('EV-1'), { qos: 1 });
		expect(granted).toMatchObject([{ qos: 1 }]);
		await client.endAsync();
	});

	test('a wrong key is refused with code 4', async () => {
		await expect(
			mqtt.connectAsync(url(), { username: 'EV-1', password: 'wrong', reconnectPeriod: 0 }),
		).rejects.toMatchObject({ code: 4 });
	});

	test('without the subprotocol, with text, or with too much the connection ends', async () => {
		const closeCode = (protocols: string[], data: string | Buffer) =>
			new Promise<number>((resolve) => {
				const socket = new WebSocket(url(), protocols);
				socket.on('open', () => socket.send(data));
				socket.on('error', () => {});
				socket.on('close', resolve);
			});
		expect(await closeCode([], Buffer.from('x'))).toBe(1002);
		expect(await closeCode(['mqtt'], 'text')).toBe(1003);
		expect(await closeCode(['mqtt'], Buffer.alloc(3 * 1024 * 1024))).toBe(1009);
		const answer = await fetch(`${product.url}/mqtt`);
		expect(answer.status).toBe(426);
	});

	test('a page of another site cannot open one', async () => {
		const refused = new Promise((resolve) => {
			const socket = new WebSocket(url(), ['mqtt'], { origin: 'https://elsewhere.example' });
			socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
			socket.on('error', () => {});
		});
		expect(await refused).toBe(403);
	});
});

describe('MQTT over TLS', () => {
	const url = () => `mqtts://localhost:${product.mqttsPort}`;
	const trust = () => ({ ca: readFileSync(authority) });
	const shown = (name: string) => ({
		cert: readFileSync(fileOf(`${name}.pem`)),
		key: readFileSync(fileOf(`${name}.key`)),
	});

	test('a device signs in with its key', async () => {
		const client = await connect(url(), { ...trust(), ...credentials(device(1)) });
		await client.publishAsync(telemetryTopic('EV-2'), reading(1), { qos: 1 });
		await client.endAsync();
		expect(await storedOf(device(1))).toEqual([41]);
	});

	test.each([
		['TLSv1.3', 'TLS_AES_128_GCM_SHA256', true],
		['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', true],
		['TLSv1.2', 'ECDHE-ECDSA-AES128-SHA256', false],
		['TLSv1.1', 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0', false],
	] as const)('%s with %s is taken: %s', async (version, ciphers, isTaken) => {
		const socket = tls.connect({
			port: product.mqttsPort ?? 0,
			...trust(),
			servername: 'localhost',
			minVersion: version,
			maxVersion: version,
			ciphers,
		});
		const outcome = await Promise.race([
			once(socket, 'secureConnect').then(() => true),
			once(socket, 'error').then(
				() => false,
				() => false,
			),
		]).catch(() => false);
		socket.destroy();
		expect(outcome).toBe(isTaken);
	});

	test('a device signs in with its certificate alone, as itself only', async () => {
		const client = await connect(url(), { ...trust(), ...shown('device') });
		await client.publishAsync(telemetryTopic('EV-3'), reading(1), { qos: 1 });
		await client.endAsync();
		expect(await storedOf(device(2))).toEqual([41]);
		await expect(
			connect(url(), { ...trust(), ...shown('device'), username: 'EV-4' }),
		).rejects.toThrow();
	});

	test('a certificate of somebody else is refused, even with the right key', async () => {
		await expect(
			connect(url(), { ...trust(), ...shown('forged'), ...credentials(device(2)) }),
		).rejects.toThrow();
	});

	test('a retired device is refused with its certificate', async () => {
		await db.pool.query(`update device set retired_at = now() where device_id = 'EV-3'`);
		await expect(connect(url(), { ...trust(), ...shown('device') })).rejects.toThrow();
	});

	test.each([
		[{ MQTT_TLS_CERT: '/nowhere.pem', MQTT_TLS_KEY: '/nowhere.key' }, 'MQTT_TLS_CERT names'],
		[{ MQTT_TLS_CERT: '/nowhere.pem' }, 'needs both MQTT_TLS_CERT and MQTT_TLS_KEY'],
	])('wrong files end the start with a sentence', async (environment, sentence) => {
		const { code, said } = await runProduct({
			dataDir: join(folder.path, 'another'),
			environment: { DATABASE_URL: db.url, ...environment },
		});
		expect([code, said]).toEqual([1, expect.stringContaining(sentence)]);
	});

	test('a key that is not that of the certificate ends the start with a sentence', async () => {
		const { code, said } = await runProduct({
			dataDir: join(folder.path, 'another'),
			environment: {
				DATABASE_URL: db.url,
				MQTT_TLS_CERT: fileOf('server.pem'),
				MQTT_TLS_KEY: fileOf('device.key'),
			},
		});
		expect([code, said]).toEqual([1, expect.stringContaining('the key that of the certificate')]);
	});
});

test('over HTTP a device reports, waits for a command, does it and says so', async () => {
	const { key } = device(3);
	const base = `${product.url}/devices/v1/EV-4`;
	const headers = { authorization: `Bearer ${key}` };
	const told = await fetch(`${base}/telemetry`, { method: 'POST', headers, body: reading(1) });
	expect(told.status).toBe(202);
	expect(await storedOf(device(3))).toEqual([41]);

	const cookie = await signIn(product.url, installation.email, installation.password);
	const commands = `${product.url}/api/devices/EV-4/commands`;
	const waiting = fetch(`${base}/commands?wait=30`, { headers });
	const asked = await fetch(commands, {
		method: 'POST',
		headers: { cookie, 'content-type': 'application/json' },
		body: JSON.stringify({ name: 'reboot', confirm: 'confirm' }),
	});
	expect(asked.status).toBe(200);
	const heard = await waiting;
	expect(heard.status).toBe(200);
	const { commandId, name } = commandMessageSchema.parse(await heard.json());
	expect(name).toBe('reboot');
	// It was handed out once: who asks again hears nothing.
	const again = await fetch(`${base}/commands?wait=1`, { headers });
	expect(again.status).toBe(204);
	const result = await fetch(`${base}/commands/${commandId}/result`, {
		method: 'POST',
		headers,
		body: '{"status":"DONE"}',
	});
	expect(result.status).toBe(202);
	const list = async () =>
		listCommands.reply.parse(await (await fetch(commands, { headers: { cookie } })).json());
	await expect.poll(list).toMatchObject({ commands: [{ commandId, state: 'done' }] });
	const foreign = await fetch(`${product.url}/devices/v1/EV-1/telemetry`, {
		method: 'POST',
		headers,
		body: reading(9),
	});
	expect(foreign.status).toBe(401);
	expect(product.said()).not.toContain(key);
});

test('a tracker speaks OsmAnd once it is allowed to', async () => {
	const url = `http://localhost:${product.osmandPort}/?id=EV-4&lat=12.97&lon=77.59&speed=10`;
	expect((await fetch(url)).status).toBe(400);
	await db.pool.query(`update device set osmand_allowed = true where device_id = 'EV-4'`);
	expect((await fetch(url)).status).toBe(200);
	const { rows } = await db.pool.query('select lat, speed_kmh from readings where lat is not null');
	expect(rows).toEqual([{ lat: 12.97, speed_kmh: 18.52 }]);
});
