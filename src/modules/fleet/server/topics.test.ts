import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { liveMessageSchema, livePath } from '#contract/live.ts';
import type { Principal } from '#contract/principal.ts';
import { DeviceFeed } from '#live/device-feed.ts';
import { FleetIndex, type IndexedDevice } from '#live/fleet-index.ts';
import { LiveHub } from '#live/hub.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { fleetCountsTopic, fleetRowsTopic } from '../contract.ts';
import { type DeviceWord, serveFleetTopics } from './topics.ts';

const own: IndexedDevice = {
	deviceNo: 1,
	family: 'ev',
	vehicleNo: null,
	organizationNo: 1,
	dealerNo: null,
	customerNo: 7,
};
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

let app: FastifyInstance;
let index: FleetIndex;
let feed: DeviceFeed<DeviceWord>;
let fleet: { flush(): void };
let address: string;

beforeEach(async () => {
	const log = createLog('silent');
	index = new FleetIndex();
	feed = new DeviceFeed();
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
	fleet = serveFleetTopics({ hub, index, feed, log, readDevices: async () => [] });
	address = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws') + livePath;
	index.place(own, 0);
});
afterEach(() => app.close());

test('who has a device hears that it went and came, and not where it was in between', async () => {
	const socket = new WebSocket(address);
	const told: string[] = [];
	socket.on('message', (data) => {
		const message = liveMessageSchema.parse(JSON.parse(String(data)));
		if (message.type !== 'message') return;
		if (message.subscription === 2) {
			const { counts } = fleetCountsTopic.message.parse(message.message);
			told.push(`${Object.values(counts).reduce((sum, count) => sum + count, 0)} devices`);
		} else told.push(`moved ${fleetRowsTopic.message.parse(message.message).moved}`);
	});
	await once(socket, 'open');
	const subscribe = (subscription: number, topic: string, params: unknown) =>
		socket.send(JSON.stringify({ type: 'subscribe', subscription, topic, params }));
	subscribe(1, fleetRowsTopic.name, { deviceNos: [own.deviceNo] });
	subscribe(2, fleetCountsTopic.name, {});
	await expect
		.poll(() => {
			fleet.flush();
			return told;
		})
		.toEqual(['1 devices']);

	function give(customerNo: number | null): void {
		if (customerNo === null) index.remove(own.deviceNo);
		else index.place({ ...own, customerNo }, 0);
		feed.touch(own.deviceNo);
		fleet.flush();
	}
	for (const customerNo of [8, 9, null, 9, 7]) give(customerNo);
	const heard = ['1 devices', 'moved 1', '0 devices', '1 devices', 'moved 1'];
	await expect.poll(() => told).toEqual(heard);
	socket.close();
});
