import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { liveMessageSchema, livePath } from '#contract/live.ts';
import type { Principal } from '#contract/principal.ts';
import { blankSnapshot, type Registration } from '#ingest/snapshot.ts';
import { DeviceFeed } from '#live/device-feed.ts';
import { FleetIndex } from '#live/fleet-index.ts';
import { LiveHub } from '#live/hub.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { deviceFactsTopic, deviceStateTopic } from '../contract.ts';
import { type StateWord, stateOf } from './device-state.ts';
import { serveDeviceTopics } from './topics.ts';

const own: Registration = {
	deviceNo: 1,
	family: 'ev',
	vehicleNo: null,
	organizationNo: 1,
	dealerNo: null,
	customerNo: 7,
};
const foreign: Registration = { ...own, deviceNo: 2, organizationNo: 2 };
const reader: Principal = {
	userId: 'u',
	credential: { kind: 'session', sessionId: 's' },
	email: 'e@example.com',
	name: 'E',
	role: 'customer',
	misRole: 'user',
	scope: { organizationNo: 1, dealerNo: null, customerNos: [7], deviceNos: null },
	organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
};

let db: TestDatabase;
let app: FastifyInstance;
let index: FleetIndex;
let feed: DeviceFeed<StateWord>;
let facts: DeviceFeed<number>;
let address: string;

beforeEach(async () => {
	db = await createTestDatabase();
	const log = createLog('silent');
	index = new FleetIndex();
	feed = new DeviceFeed();
	facts = new DeviceFeed();
	const hub = new LiveHub({ isDatabaseUp: () => true, onFlush: () => {} });
	app = await createHttpServer({
		log,
		publicUrl: null,
		version: '0',
		isDatabaseUp: () => true,
		requestsPerMinute: 1_000,
		identify: async () => reader,
	});
	await hub.register(app);
	serveDeviceTopics({ hub, index, feed, facts, database: db.database, log });
	address = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws') + livePath;
	for (const registration of [own, foreign]) index.place(registration, 0);
});
afterEach(async () => {
	await app.close();
	await db.drop();
});

/** A device speaks, and whoever watches it is told. */
function speak(registration: Registration, newestAtMs: number): void {
	feed.put(registration.deviceNo, stateOf({ ...blankSnapshot(registration), newestAtMs }));
	feed.flush();
}

test('a device’s state goes to whom it belongs, as long as it does', async () => {
	const socket = new WebSocket(address);
	const told: string[] = [];
	socket.on('message', (data) => {
		const message = liveMessageSchema.parse(JSON.parse(String(data)));
		if (message.type === 'refused') told.push(message.code);
		if (message.type !== 'message') return;
		const state = deviceStateTopic.message.parse(message.message);
		told.push(`${message.subscription}: ${state.deviceNo} at ${state.newestAtMs}`);
	});
	await once(socket, 'open');
	const subscribe = (subscription: number, topic: string, deviceNo: number) =>
		socket.send(JSON.stringify({ type: 'subscribe', subscription, topic, params: { deviceNo } }));
	subscribe(1, deviceStateTopic.name, foreign.deviceNo);
	subscribe(2, deviceStateTopic.name, own.deviceNo);
	// Subscriptions are taken in their order: the answer to the last says that all are open.
	subscribe(3, 'none', 0);
	await expect.poll(() => told).toEqual(['not_found']);

	speak(foreign, 100);
	speak(own, 200);
	await expect.poll(() => told).toEqual(['not_found', '2: 1 at 200']);

	index.place({ ...own, customerNo: 8 }, 0);
	speak(own, 300);
	index.place(own, 0);
	speak(own, 400);
	await expect.poll(() => told).toEqual(['not_found', '2: 1 at 200', '2: 1 at 400']);
	socket.close();
});

test('word of a fact goes to whom the device belongs', async () => {
	const socket = new WebSocket(address);
	const told: string[] = [];
	socket.on('message', (data) => {
		const message = liveMessageSchema.parse(JSON.parse(String(data)));
		if (message.type === 'refused') told.push(message.code);
		if (message.type !== 'message') return;
		const { newestAtMs } = deviceFactsTopic.message.parse(message.message);
		told.push(`${message.subscription}: ${newestAtMs}`);
	});
	await once(socket, 'open');
	const subscribe = (subscription: number, topic: string, deviceNo: number) =>
		socket.send(JSON.stringify({ type: 'subscribe', subscription, topic, params: { deviceNo } }));
	subscribe(1, deviceFactsTopic.name, foreign.deviceNo);
	subscribe(2, deviceFactsTopic.name, own.deviceNo);
	subscribe(3, 'none', 0);
	await expect.poll(() => told).toEqual(['not_found']);

	facts.put(foreign.deviceNo, 100);
	facts.put(own.deviceNo, 200);
	facts.flush();
	await expect.poll(() => told).toEqual(['not_found', '2: 200']);
	socket.close();
});
