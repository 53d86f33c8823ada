import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import mqtt from 'mqtt';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problemSchema } from '#contract/faults.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { until } from '../../../tests/harness/until.ts';
import { Road } from '../road.ts';
import { hashDeviceKey } from './device-directory.ts';
import { DeviceEdges } from './edges.ts';
import type {
	DeviceConnected,
	DeviceDisconnected,
	DeviceLimited,
	DeviceReceived,
	DeviceRefused,
} from './observer.ts';

const messageMaxBytes = 4_096;
const messagesPerSecond = 5;

/** A road with all its edges over a database of its own, and everything they tell of devices. */
class EdgesUnderTest {
	readonly db: TestDatabase;
	readonly road: Road;
	readonly edges: DeviceEdges;
	readonly connected: DeviceConnected[] = [];
	readonly disconnected: DeviceDisconnected[] = [];
	readonly received: DeviceReceived[] = [];
	readonly limited: DeviceLimited[] = [];
	readonly refused: DeviceRefused[] = [];
	readonly listening: number[] = [];
	readonly arrived: string[] = [];
	readonly dropped: string[] = [];
	isDatabaseUp = true;
	app!: FastifyInstance;
	url = '';
	mqttUrl = '';
	osmandUrl = '';
	deviceNo = 0;
	readonly #clients: mqtt.MqttClient[] = [];

	constructor(db: TestDatabase) {
		this.db = db;
		const log = pino({ level: 'silent' });
		const dropped = (reason: string) => this.dropped.push(reason);
		this.road = new Road({
			databaseUrl: db.url,
			pool: db.pool,
			retentionDays: 400,
			packAfterDays: 8,
			reactions: [],
			resultReactions: [],
			clock: Date.now,
			log,
			counters: { dropped, impossibleValue: dropped, parked: dropped, late: () => {} },
			onCommitted: () => {},
			onChanged: () => {},
			onDatabase: () => {},
		});
		this.edges = new DeviceEdges({
			bus: this.road.bus,
			pool: db.pool,
			clock: Date.now,
			log,
			limits: { messagesPerSecond, messageMaxBytes, connectionsPerAddress: 5 },
			observer: {
				connected: (connection) => this.connected.push(connection),
				disconnected: (connection) => this.disconnected.push(connection),
				received: (message) => this.received.push(message),
				limited: (limited) => this.limited.push(limited),
				refused: (refused) => this.refused.push(refused),
			},
			isDatabaseUp: () => this.isDatabaseUp,
			onListening: (deviceNo) => this.listening.push(deviceNo),
			onArrived: (_, commandId) => this.arrived.push(commandId),
			counters: { received: () => {}, dropped, refused: dropped },
		});
	}

	async start(): Promise<void> {
		await this.road.start();
		this.app = await createHttpServer({
			log: pino({ level: 'silent' }),
			publicUrl: null,
			version: '1.2.3',
			identify: async () => null,
			isDatabaseUp: () => this.isDatabaseUp,
			requestsPerMinute: 1_000,
		});
		this.edges.serve(this.app);
		this.url = await this.app.listen({ host: '127.0.0.1', port: 0 });
		const host = '127.0.0.1';
		const ports = await this.edges.listen({ host, mqttPort: 0, osmandPort: 0, tls: null });
		this.mqttUrl = `mqtt://${host}:${ports.mqttPort}`;
		this.osmandUrl = `http://${host}:${ports.osmandPort}`;
		const { organization_no } = await this.db.database
			.insertInto('organization')
			.values({ name: 'Harbour', time_zone: 'UTC', country: 'IN', locale: 'en-IN' })
			.returning('organization_no')
			.executeTakeFirstOrThrow();
		const { device_no } = await this.db.database
			.insertInto('device')
			.values({
				device_id: 'EV-1',
				organization_no,
				family: 'ev',
				key_hash: hashDeviceKey('key-of-EV-1'),
			})
			.returning('device_no')
			.executeTakeFirstOrThrow();
		this.deviceNo = device_no;
	}

	async stop(): Promise<void> {
		for (const client of this.#clients) await client.endAsync(true);
		await this.edges.close();
		await this.app.close();
		await this.road.stop();
		await this.db.drop();
	}

	/** Connects, one after the other. Resolves when the observer has heard of it, too. */
	async connect(options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> {
		const heard = this.connected.length;
		const client = mqtt.connect(this.mqttUrl, {
			username: 'EV-1',
			password: 'key-of-EV-1',
			reconnectPeriod: 0,
			...options,
		});
		this.#clients.push(client);
		client.on('error', () => {});
		await new Promise<void>((resolve, reject) => {
			client.once('connect', () => resolve());
			client.once('close', () => reject(new Error('closed')));
		});
		await until(() => expect(this.connected).toHaveLength(heard + 1));
		return client;
	}

	/** Asks the HTTP edge as the device. */
	ask(path: string, request: RequestInit = {}): Promise<Response> {
		return fetch(`${this.url}/devices/v1/EV-1/${path}`, {
			...request,
			headers: { authorization: 'Bearer key-of-EV-1', ...request.headers },
		});
	}
}

let under: EdgesUnderTest;
beforeEach(async () => {
	under = new EdgesUnderTest(await createTestDatabase());
	await under.start();
});
afterEach(() => under.stop());

const topic = 'qd/v1/EV-1/telemetry';
const reading = (seq: number, more: object = {}) =>
	JSON.stringify({ boot: 'a', seq, at: new Date().toISOString(), soc_pct: 50, ...more });
const stored = () => under.db.database.selectFrom('readings').selectAll().orderBy('at').execute();
const parked = () => under.db.database.selectFrom('parked_message').selectAll().execute();

/** Sends much more than a device may say at once, all of it at once. @returns the refusals */
async function refusedOfMany(
	send: (seq: number) => Promise<Response>,
	accepted: number,
): Promise<Response[]> {
	const count = 30 * messagesPerSecond;
	const answers = await Promise.all(Array.from({ length: count }, (_, seq) => send(seq)));
	const refused = answers.filter(({ status }) => status !== accepted);
	expect(refused).not.toEqual([]);
	return refused;
}

/** The end of a connection, orderly or not. */
function closed(socket: Socket): Promise<void> {
	socket.on('error', () => {});
	return new Promise((resolve) => socket.once('close', () => resolve()));
}

describe('what the observer hears of a connection', () => {
	test('who connected from where and how, what it said, that it left by itself', async () => {
		const client = await under.connect({
			clientId: 'one',
			keepalive: 77,
			clean: false,
			will: { topic, payload: Buffer.from('{"soc_pct":1}'), qos: 1, retain: false },
		});
		await client.publishAsync(topic, reading(1), { qos: 1 });
		await client.endAsync();
		await until(() => expect(under.disconnected).toHaveLength(1));
		const { deviceNo } = under;
		const [connection] = under.connected;
		expect(connection).toEqual({
			deviceNo,
			connectionNo: expect.any(Number),
			transport: 'mqtt',
			address: '127.0.0.1',
			atMs: expect.any(Number),
			clientId: 'one',
			keepAliveSeconds: 77,
			isCleanSession: false,
			will: { topic, bytes: Buffer.from('{"soc_pct":1}') },
		});
		expect(under.disconnected).toMatchObject([
			{ deviceNo, connectionNo: connection?.connectionNo, reason: 'closed_by_device' },
		]);
		expect(under.received).toMatchObject([{ deviceNo, transport: 'mqtt', topic }]);
	});

	test('a connection that broke, and its last will', async () => {
		const client = await under.connect({
			will: { topic, payload: Buffer.from('{"soc_pct":1}'), qos: 1, retain: false },
		});
		client.stream.destroy();
		await until(() => expect(under.disconnected).toMatchObject([{ reason: 'lost' }]));
		await until(async () => expect(await stored()).toMatchObject([{ soc_pct: 1 }]));
		expect(under.received).toMatchObject([{ topic, body: Buffer.from('{"soc_pct":1}') }]);
	});

	test('a last will outlives the subscriptions of its connection, whoever ends it', async () => {
		const client = await under.connect({
			will: { topic, payload: Buffer.from('{"soc_pct":2}'), qos: 1, retain: false },
		});
		await client.subscribeAsync('qd/v1/EV-1/command', { qos: 1 });
		expect(under.edges.takesCommands(under.deviceNo)).toBe(true);
		under.edges.disconnect(under.deviceNo, 'key_changed');
		await until(async () => expect(await stored()).toMatchObject([{ soc_pct: 2 }]));
		expect(under.edges.takesCommands(under.deviceNo)).toBe(false);
	});

	test('a server that stops sends no last wills', async () => {
		await under.connect({
			will: { topic, payload: Buffer.from('{"soc_pct":1}'), qos: 1, retain: false },
		});
		await under.edges.close();
		expect(under.disconnected).toMatchObject([{ reason: 'server_stopped' }]);
		expect(under.received).toEqual([]);
	});

	test('another connection with the same client id takes its place', async () => {
		await under.connect({ clientId: 'one' });
		await under.connect({ clientId: 'one' });
		await until(() => expect(under.disconnected).toMatchObject([{ reason: 'replaced' }]));
		const [first, second] = under.connected;
		expect(under.disconnected).toMatchObject([{ connectionNo: first?.connectionNo }]);
		expect(second?.connectionNo).toBeGreaterThan(first?.connectionNo ?? 0);
	});

	test('a device that breaks the rules', async () => {
		const client = await under.connect();
		client.publish('qd/v1/EV-2/telemetry', reading(1), { qos: 1 });
		await until(() => expect(under.disconnected).toMatchObject([{ reason: 'error' }]));
	});

	test('a renewed key ends all connections of the device at once', async () => {
		const clients = [
			await under.connect({ clientId: 'a' }),
			await under.connect({ clientId: 'b' }),
		];
		const ended = clients.map(
			(client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
		);
		under.edges.disconnect(under.deviceNo, 'key_changed');
		await Promise.all(ended);
		await until(() =>
			expect(under.disconnected).toMatchObject([
				{ reason: 'key_changed' },
				{ reason: 'key_changed' },
			]),
		);
		expect(under.edges.connections).toBe(0);
	});

	test('who was refused, and that a known device was meant', async () => {
		for (const username of ['EV-1', 'EV-9'])
			await expect(
				mqtt.connectAsync(under.mqttUrl, { username, password: 'wrong', reconnectPeriod: 0 }),
			).rejects.toThrow();
		const { deviceNo } = under;
		expect(under.refused).toMatchObject([
			{ deviceNo, transport: 'mqtt', reason: 'wrong_key' },
			{ deviceNo: null, transport: 'mqtt', reason: 'wrong_key' },
		]);
	});
});

describe('limits over MQTT', () => {
	test('a device that is too fast is read later, and nothing is lost', async () => {
		const client = await under.connect();
		const burst = 10 * messagesPerSecond;
		const count = burst + 2 * messagesPerSecond;
		const publish = (seq: number) => client.publishAsync(topic, reading(seq), { qos: 1 });
		const startedMs = performance.now();
		// What came in together is taken together; what comes then waits until all of it is within the rate.
		await Promise.all(Array.from({ length: count }, (_, seq) => publish(seq)));
		await publish(count);
		const atRateMs = ((count - burst) / messagesPerSecond) * 1_000;
		expect(performance.now() - startedMs).toBeGreaterThanOrEqual(atRateMs);
		expect(under.limited.length).toBeGreaterThan(0);
		for (const limited of under.limited)
			expect(limited).toMatchObject({ deviceNo: under.deviceNo, limit: 'message_rate' });
		expect(await stored()).toHaveLength(count + 1);
		expect(under.disconnected).toEqual([]);
	});

	test('a packet that is too large ends the connection', async () => {
		const client = await under.connect();
		client.publish(topic, Buffer.alloc(messageMaxBytes, 'x'), { qos: 1 });
		await until(() => expect(under.disconnected).toMatchObject([{ reason: 'limited' }]));
		expect(under.limited).toMatchObject([{ limit: 'message_size' }]);
	});

	test('an address has no more connections than it may, until one of them ends', async () => {
		const clients: mqtt.MqttClient[] = [];
		for (let place = 0; place < 5; place++)
			clients.push(await under.connect({ clientId: `client ${place}` }));
		const sixth = connectSocket(Number(new URL(under.mqttUrl).port), '127.0.0.1').resume();
		await closed(sixth);
		expect(under.dropped).toEqual(['too_many_of_address']);
		await clients[0]?.endAsync();
		await until(() => expect(under.disconnected).toHaveLength(1));
		await under.connect({ clientId: 'the sixth' });
	});
});

describe('HTTP', () => {
	test('202 comes when the readings are stored, and a repetition counts once', async () => {
		const body = `[${reading(1)},${reading(2)}]`;
		for (let sent = 0; sent < 2; sent++)
			expect((await under.ask('telemetry', { method: 'POST', body })).status).toBe(202);
		expect(await stored()).toHaveLength(2);
		const { deviceNo } = under;
		expect(under.received[0]).toMatchObject({ deviceNo, transport: 'http', topic });
		expect(under.connected).toEqual([]);
	});

	test('what cannot be read is parked with its bytes, and the answer says so', async () => {
		const answer = await under.ask('telemetry', { method: 'POST', body: '{"soc_pct":' });
		expect(answer.status).toBe(400);
		expect(answer.headers.get('content-type')).toContain('application/problem+json');
		const problem = problemSchema.parse(await answer.json());
		expect(problem.code).toBe('message_unreadable');
		expect(await parked()).toMatchObject([
			{ reason: 'not_json', body: Buffer.from('{"soc_pct":') },
		]);
	});

	test.each([
		['a wrong key', { authorization: 'Bearer wrong' }, 'EV-1'],
		['no key', { authorization: '' }, 'EV-1'],
		['an unknown device', {}, 'EV-9'],
		['an id that is none', {}, '%00'],
	])('%s is answered with 401, and alike', async (_, headers, deviceId) => {
		const answer = await under.ask(`../${deviceId}/telemetry`, {
			method: 'POST',
			headers,
			body: '{}',
		});
		expect(answer.status).toBe(401);
		const { code, detail } = problemSchema.parse(await answer.json());
		expect([code, detail]).toEqual([
			'wrong_device_key',
			expect.stringContaining('no device with this id and key'),
		]);
	});

	test('too large, too fast, and no database are told with their status', async () => {
		const post = (body: string) => under.ask('telemetry', { method: 'POST', body });
		expect((await post('x'.repeat(messageMaxBytes + 1))).status).toBe(413);
		const refused = await refusedOfMany((seq) => post(reading(seq)), 202);
		for (const answer of refused) {
			expect(answer.status).toBe(429);
			expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
		}
		under.isDatabaseUp = false;
		const answer = await post(reading(1_000));
		expect(answer.status).toBe(503);
		expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
		const limits = under.limited.map(({ limit }) => limit);
		expect(limits).toEqual(['message_size', ...refused.map(() => 'message_rate')]);
	});

	test('a full bus answers 503', async () => {
		under.road.bus.close();
		const answer = await under.ask('telemetry', { method: 'POST', body: reading(1) });
		expect(answer.status).toBe(503);
		expect(problemSchema.parse(await answer.json()).code).toBe('overloaded');
	});

	test('a command comes to the request that waits for it, and has arrived', async () => {
		const waiting = under.ask('commands?wait=20');
		const { deviceNo } = under;
		await until(() => expect(under.listening).toEqual([deviceNo]));
		const body = '{"commandId":"c-1","name":"reboot"}';
		const command = { deviceNo, commandId: 'c-1', body, expiresAtMs: Date.now() + 10_000 };
		expect(under.edges.sendCommand(command)).toBe(true);
		const answer = await waiting;
		expect([answer.status, await answer.text()]).toEqual([200, body]);
		await until(() => expect(under.arrived).toEqual(['c-1']));
		expect(under.edges.takesCommands(deviceNo)).toBe(false);
		expect(under.edges.sendCommand(command)).toBe(false);
	});

	test('without a command the wait ends; a second request ends the first; an expired command goes nowhere', async () => {
		const first = under.ask('commands?wait=20');
		await until(() => expect(under.listening).toHaveLength(1));
		const second = under.ask('commands?wait=1');
		expect((await first).status).toBe(204);
		await until(() => expect(under.listening).toHaveLength(2));
		const { deviceNo } = under;
		expect(
			under.edges.sendCommand({
				deviceNo,
				commandId: 'c-1',
				body: '{}',
				expiresAtMs: Date.now() - 1,
			}),
		).toBe(false);
		expect((await second).status).toBe(204);
		expect((await under.ask('commands?wait=51')).status).toBe(400);
		expect(under.arrived).toEqual([]);
	});
});

describe('OsmAnd', () => {
	const send = (parameters: string, request?: RequestInit) =>
		fetch(`${under.osmandUrl}/?${parameters}`, request);
	const allow = () =>
		under.db.database
			.updateTable('device')
			.set({ osmand_allowed: true })
			.where('device_id', '=', 'EV-1')
			.execute();

	test('without its key only a device that may is taken', async () => {
		const seconds = Math.floor(Date.now() / 1_000) - 60;
		expect((await send('id=EV-1&lat=1&lon=2')).status).toBe(400);
		expect((await send('id=EV-9&lat=1&lon=2')).status).toBe(400);
		expect((await send('id=EV-1&key=wrong&lat=1&lon=2')).status).toBe(400);
		expect(under.refused.map(({ deviceNo }) => deviceNo)).toEqual([
			under.deviceNo,
			null,
			under.deviceNo,
		]);
		expect((await send(`id=EV-1&key=key-of-EV-1&lat=1&lon=2&timestamp=${seconds}`)).status).toBe(
			200,
		);
		await allow();
		expect((await send('id=EV-1&lat=3&lon=4&hdop=2.5')).status).toBe(200);
		expect(await stored()).toMatchObject([
			{ at: new Date(seconds * 1_000), lat: 1, lon: 2, sensors: null },
			{ lat: 3, lon: 4, sensors: { hdop: 2.5 } },
		]);
		expect(under.received).toMatchObject([{ transport: 'osmand' }, { transport: 'osmand' }]);
	});

	test('form and JSON in the body', async () => {
		await allow();
		const form = new URLSearchParams({ id: 'EV-1', lat: '5', lon: '6', speed: '10' });
		expect((await send('', { method: 'POST', body: form })).status).toBe(200);
		const json = JSON.stringify({
			device_id: 'EV-1',
			location: { coords: { latitude: 7, longitude: 8, speed: 10 } },
		});
		const headers = { 'content-type': 'application/json' };
		expect((await send('', { method: 'POST', body: json, headers })).status).toBe(200);
		expect((await send('', { method: 'POST', body: '{', headers })).status).toBe(400);
		expect(await stored()).toMatchObject([
			{ lat: 5, lon: 6, speed_kmh: 18.52 },
			{ lat: 7, lon: 8, speed_kmh: 36 },
		]);
	});

	test('an address without its slash, in whatever pieces it comes', async () => {
		await allow();
		const port = Number(new URL(under.osmandUrl).port);
		const socket = connectSocket(port, '127.0.0.1');
		await once(socket, 'connect');
		for (const piece of [
			'G',
			'ET',
			' ',
			'?id=EV-1&lat=9',
			'&lon=10 HTTP/1.1\r\nHost: x\r\n',
			'\r\n',
		]) {
			socket.write(piece);
			await new Promise((resolve) => setImmediate(resolve));
		}
		let answer = '';
		socket.setEncoding('utf8').on('data', (text) => {
			answer += String(text);
		});
		await closed(socket);
		expect(answer).toMatch(/^HTTP\/1.1 200 /);
		expect(await stored()).toContainEqual(expect.objectContaining({ lat: 9, lon: 10 }));
	});

	test.each([
		['nonsense', 'nonsense'.repeat(40)],
		['NUL', '\0'.repeat(100)],
		['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}`],
	])('%s ends the connection', async (_, text) => {
		const socket = connectSocket(Number(new URL(under.osmandUrl).port), '127.0.0.1');
		socket.write(text);
		socket.resume();
		await closed(socket);
	});

	test('a body that is too large, and a device that is too fast', async () => {
		await allow();
		const form = 'x'.repeat(messageMaxBytes + 1);
		expect((await send('', { method: 'POST', body: form })).status).toBe(413);
		for (const answer of await refusedOfMany((n) => send(`id=EV-1&n=${n}`), 200)) {
			expect(answer.status).toBe(429);
			expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
		}
	});
});
