import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../tests/harness/until.ts';
import { Uplink } from './uplink.ts';

const backOff = { firstMs: 5, maxMs: 20 };
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close();
});

/** A real broker on a free port of 127.0.0.1. */
async function startBroker(options: AedesOptions): Promise<{ aedes: Aedes; url: string }> {
	const aedes = await Aedes.createBroker(options);
	const server: Server = createServer(aedes.handle).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	closing.push(async () => {
		await new Promise<void>((resolve) => aedes.close(resolve));
		await new Promise((resolve) => server.close(resolve));
	});
	return { aedes, url: `mqtt://127.0.0.1:${address.port}` };
}

function startUplink(mqttUrl: string, onTrouble: (trouble: string) => void = () => {}): Uplink {
	const uplink = new Uplink({
		mqttUrl,
		deviceId: 'EV-1',
		key: 'secret',
		capacity: 100,
		window: 3,
		backOff,
		onTrouble,
		onConnected: () => {},
	});
	closing.push(() => uplink.close(0));
	return uplink;
}

describe('the connection of a simulated device', () => {
	it('sends what was not acknowledged again after each reconnect, in order and unchanged', async () => {
		const received: string[] = [];
		const acknowledged: string[] = [];
		let published = 0;
		const { url } = await startBroker({
			authorizePublish(client, packet, done) {
				received.push(packet.payload.toString());
				published += 1;
				// Every fourth message is read, but the connection breaks before its acknowledgement.
				if (published % 4 === 0) client?.conn.destroy();
				else {
					acknowledged.push(packet.payload.toString());
					done(null);
				}
			},
		});
		const uplink = startUplink(url);
		const messages = Array.from({ length: 30 }, (_, index) => `{"seq":${index + 1}}`);
		for (const message of messages) uplink.send(message);

		await until(() => expect(uplink.unacknowledged).toBe(0));
		expect([...new Set(received)]).toEqual(messages);
		expect(received.length).toBeGreaterThan(messages.length);
		expect(new Set(acknowledged)).toEqual(new Set(messages));
	});

	it('keeps readings while there is no broker and delivers them when it is there', async () => {
		const placeholder = createServer().listen(0, '127.0.0.1');
		await once(placeholder, 'listening');
		const address = placeholder.address();
		if (address === null || typeof address === 'string') throw new Error('no port');
		placeholder.on('connection', (socket) => socket.destroy());
		const troubles: string[] = [];
		const uplink = startUplink(`mqtt://127.0.0.1:${address.port}`, (trouble) =>
			troubles.push(trouble),
		);
		uplink.send('first');
		await until(() => expect(troubles.length).toBeGreaterThan(2));
		expect(uplink.unacknowledged).toBe(1);

		const received: string[] = [];
		const aedes = await Aedes.createBroker({
			authorizePublish(_client, packet, done) {
				received.push(packet.payload.toString());
				done(null);
			},
		});
		closing.push(async () => {
			await new Promise<void>((resolve) => aedes.close(resolve));
			await new Promise((resolve) => placeholder.close(resolve));
		});
		placeholder.removeAllListeners('connection').on('connection', aedes.handle);
		await until(() => expect(uplink.unacknowledged).toBe(0));
		expect(received).toEqual(['first']);
	});

	it('survives a refusal, says why, and tries again', async () => {
		let admits = false;
		const { url } = await startBroker({
			authenticate(_client, username, password, done) {
				done(null, admits && username === 'EV-1' && password?.toString() === 'secret');
			},
		});
		const troubles: string[] = [];
		const uplink = startUplink(url, (trouble) => troubles.push(trouble));
		uplink.send('reading');
		await until(() => expect(troubles.length).toBeGreaterThan(1));
		expect(troubles[0]).toContain('Connection refused');
		admits = true;
		await until(() => expect(uplink.unacknowledged).toBe(0));
	});

	it('is gone without coverage, and sends what it kept when the network is back', async () => {
		const received: string[] = [];
		const { aedes, url } = await startBroker({
			authorizePublish(_client, packet, done) {
				received.push(packet.payload.toString());
				done(null);
			},
		});
		const uplink = startUplink(url);
		uplink.send('first');
		await until(() => expect(uplink.unacknowledged).toBe(0));
		uplink.setCoverage(false);
		await until(() => expect(aedes.connectedClients).toBe(0));
		uplink.send('second');
		uplink.send('third');
		expect(uplink.unacknowledged).toBe(2);
		uplink.setCoverage(true);
		await until(() => expect(uplink.unacknowledged).toBe(0));
		expect(received).toEqual(['first', 'second', 'third']);
	});
});
