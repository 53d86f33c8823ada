import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { liveRequestSchema } from '#contract/live.ts';
import { until } from '../../../tests/harness/until.ts';
import { createLiveClient, type FeedState, type LiveClient, sessionEndedCode } from './client.ts';

/** A server that keeps what it was sent and speaks only when told to. */
class Server {
	readonly #server: HttpServer;
	#isAway = false;
	readonly sockets: ServerSocket[] = [];
	readonly requests: unknown[] = [];

	private constructor(server: HttpServer, greeting: unknown) {
		this.#server = server;
		const webSockets = new WebSocketServer({ noServer: true });
		server.on('upgrade', (request, stream, head) => {
			if (this.#isAway) {
				stream.destroy();
				return;
			}
			webSockets.handleUpgrade(request, stream, head, (socket) => {
				this.sockets.push(socket);
				socket.on('message', (data) =>
					this.requests.push(liveRequestSchema.parse(JSON.parse(String(data)))),
				);
				if (greeting !== undefined) socket.send(JSON.stringify(greeting));
			});
		});
	}

	/** @param greeting is said to whoever connects */
	static async listen(greeting?: unknown): Promise<Server> {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new Server(server, greeting);
	}

	get port(): number {
		const address = this.#server.address();
		if (address === null || typeof address === 'string') throw new Error('not listening');
		return address.port;
	}

	say(message: unknown): void {
		this.sockets.at(-1)?.send(JSON.stringify(message));
	}

	/** Ends every connection, forgets what it was sent and lets nobody in, but keeps its port. */
	leave(): void {
		this.#isAway = true;
		this.requests.length = 0;
		for (const socket of this.sockets) socket.terminate();
	}

	comeBack(): void {
		this.#isAway = false;
	}

	async stop(): Promise<void> {
		this.leave();
		this.#server.close();
		await once(this.#server, 'close');
	}
}

const beat = { type: 'beat', database: 'up' };
const running: { client?: LiveClient; server?: Server } = {};

afterEach(async () => {
	running.client?.close();
	await running.server?.stop();
	running.client = undefined;
	running.server = undefined;
});

async function start(
	beatMs = 60_000,
	greeting?: unknown,
): Promise<{ client: LiveClient; server: Server }> {
	const server = await Server.listen(greeting);
	const client = createLiveClient({
		url: `ws://127.0.0.1:${server.port}`,
		firstDelayMs: 5,
		longestDelayMs: 40,
		beatMs,
	});
	running.client = client;
	running.server = server;
	client.connect();
	await until(() => expect([server.sockets.length, client.state().phase]).toEqual([1, 'open']));
	return { client, server };
}

function subscriber() {
	return { onMessage: vi.fn(), onRefused: vi.fn() };
}

test('messages reach the subscription they are for', async () => {
	const { client, server } = await start();
	const rows = subscriber();
	const counts = subscriber();
	client.subscribe('fleet.rows', { deviceNos: [1, 2] }, rows);
	client.subscribe('fleet.counts', {}, counts);
	await until(() =>
		expect(server.requests).toEqual([
			{ type: 'subscribe', subscription: 1, topic: 'fleet.rows', params: { deviceNos: [1, 2] } },
			{ type: 'subscribe', subscription: 2, topic: 'fleet.counts', params: {} },
		]),
	);
	server.say({ type: 'message', subscription: 1, message: { rows: [] } });
	server.say({ type: 'refused', subscription: 2, code: 'not_permitted', detail: 'no' });
	await until(() => expect(counts.onRefused).toHaveBeenCalledWith('not_permitted', 'no'));
	expect(rows.onMessage).toHaveBeenCalledExactlyOnceWith({ rows: [] });
	expect(counts.onMessage).not.toHaveBeenCalled();
});

test('what ended is unsubscribed and hears no more', async () => {
	const { client, server } = await start();
	const rows = subscriber();
	const end = client.subscribe('fleet.rows', { deviceNos: [1] }, rows);
	end();
	await until(() => expect(server.requests.at(-1)).toMatchObject({ type: 'unsubscribe' }));
	server.say({ type: 'message', subscription: 1, message: {} });
	server.say(beat);
	await until(() => expect(client.state().lastWordAtMs).not.toBeNull());
	expect(rows.onMessage).not.toHaveBeenCalled();
});

test('a lost connection is taken up again with its subscriptions, and the page told to read anew', async () => {
	const { client, server } = await start();
	const recovered = vi.fn();
	client.onRecovered(recovered);
	client.subscribe('fleet.rows', { deviceNos: [7] }, subscriber());
	server.say(beat);
	await until(() => expect(client.state().lostAtMs).toBeNull());
	server.leave();
	await until(() => expect(client.state().phase).toBe('waiting'));
	expect(client.state().lostAtMs).not.toBeNull();
	expect(recovered).not.toHaveBeenCalled();

	server.comeBack();
	await until(() =>
		expect(server.requests).toEqual([
			{ type: 'subscribe', subscription: 1, topic: 'fleet.rows', params: { deviceNos: [7] } },
		]),
	);
	expect(recovered).toHaveBeenCalledTimes(1);
	server.say(beat);
	await until(() => expect(client.state().lostAtMs).toBeNull());
});

test('a connection that opens but never speaks stays lost', async () => {
	const { client, server } = await start();
	server.sockets[0]?.terminate();
	await until(() => expect(server.sockets.length).toBeGreaterThan(1));
	await until(() => expect(client.state().phase).toBe('open'));
	expect(client.state().lostAtMs).not.toBeNull();
});

test('two missing beats are noticed, four end the connection', async () => {
	const { client, server } = await start(200, beat);
	const silences: FeedState[] = [];
	client.onState(() => {
		if (client.state().isSilent) silences.push(client.state());
	});
	await until(() => expect(server.sockets.length).toBeGreaterThan(1));
	expect(silences[0]?.phase).toBe('open');
	expect(silences[0]?.lostAtMs).toBe(silences[0]?.lastWordAtMs);
});

test('a database that comes back means reading anew', async () => {
	const { client, server } = await start();
	const recovered = vi.fn();
	client.onRecovered(recovered);
	server.say({ type: 'beat', database: 'down' });
	await until(() => expect(client.state().databaseDownAtMs).not.toBeNull());
	const downAtMs = client.state().databaseDownAtMs;
	server.say({ type: 'beat', database: 'down' });
	server.say(beat);
	await until(() => expect(client.state().databaseDownAtMs).toBeNull());
	expect(downAtMs).toBeLessThanOrEqual(Date.now());
	expect(recovered).toHaveBeenCalledTimes(1);
});

test('a session that ended is not tried again', async () => {
	const { client, server } = await start();
	server.sockets[0]?.close(sessionEndedCode);
	await until(() => expect(client.state().phase).toBe('ended'));
	client.hurry();
	expect(client.state().phase).toBe('ended');
	expect(server.sockets).toHaveLength(1);
});

test('hurrying does not wait for the next attempt', async () => {
	const server = await Server.listen();
	running.server = server;
	server.leave();
	const client = createLiveClient({
		url: `ws://127.0.0.1:${server.port}`,
		firstDelayMs: 3_600_000,
		longestDelayMs: 3_600_000,
	});
	running.client = client;
	client.connect();
	await until(() => expect(client.state().phase).toBe('waiting'));
	server.comeBack();
	client.hurry();
	await until(() => expect(client.state().phase).toBe('open'));
});
