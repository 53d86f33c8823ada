import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { bytesSchema } from '#contract/bytes.ts';
import { fault } from '#contract/faults.ts';
import { type LiveMessage, liveMessageSchema, livePath } from '#contract/live.ts';
import type { Principal } from '#contract/principal.ts';
import type { Role } from '#contract/roles.ts';
import { topic } from '#contract/topic.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { until } from '../../tests/harness/until.ts';
import { LiveHub } from './hub.ts';

const gearTopic = topic({
	name: 'test.gears',
	admits: ['admin'],
	params: z.object({ gear: z.string() }),
	message: z.object({ gear: z.string() }),
});

function principal(role: Role): Principal {
	return {
		userId: 'u',
		credential: { kind: 'session', sessionId: 's' },
		email: 'e@example.com',
		name: 'E',
		role,
		misRole: 'user',
		scope: { organizationNo: 1, dealerNo: null, customerNos: null, deviceNos: null },
		organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
	};
}

let signedIn: Principal | null | Error;
/** Called once somebody is known. */
let onIdentified: () => void;
let closed: string[];
let hub: LiveHub;
let app: FastifyInstance;
let address: string;

beforeEach(async () => {
	signedIn = principal('admin');
	onIdentified = () => {};
	closed = [];
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
	hub = new LiveHub({ isDatabaseUp: () => false, onFlush: () => {} });
	app = await createHttpServer({
		log: createLog('silent'),
		publicUrl: null,
		version: '0',
		isDatabaseUp: () => true,
		requestsPerMinute: 1_000,
		identify: async () => {
			if (signedIn instanceof Error) throw signedIn;
			const known = signedIn;
			onIdentified();
			return known;
		},
	});
	await hub.register(app);
	hub.serve(gearTopic, ({ params, send }) => {
		send({ gear: params.gear });
		return { close: () => closed.push(params.gear) };
	});
	hub.start();
	address = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws') + livePath;
});
afterEach(async () => {
	hub.stop();
	vi.useRealTimers();
	await app.close();
});

/** A page's connection: sends requests, hands out what comes in turn. */
async function connect(): Promise<{
	socket: WebSocket;
	send(request: unknown): void;
	next(): Promise<LiveMessage>;
}> {
	const socket = new WebSocket(address);
	const messages: LiveMessage[] = [];
	const waiting: ((message: LiveMessage) => void)[] = [];
	socket.on('message', (data) => {
		const message = liveMessageSchema.parse(JSON.parse(String(data)));
		const receiver = waiting.shift();
		if (receiver === undefined) messages.push(message);
		else receiver(message);
	});
	await once(socket, 'open');
	return {
		socket,
		send: (request) => socket.send(JSON.stringify(request)),
		next: () =>
			new Promise((resolve) => {
				const message = messages.shift();
				if (message === undefined) waiting.push(resolve);
				else resolve(message);
			}),
	};
}

const subscribe = (
	subscription: number,
	name = gearTopic.name,
	params: unknown = { gear: 'D' },
) => ({
	type: 'subscribe',
	subscription,
	topic: name,
	params,
});

test('somebody who is not signed in gets no connection', async () => {
	signedIn = null;
	const socket = new WebSocket(address);
	const [error] = await once(socket, 'error');
	expect(String(error)).toContain('401');
});

test('a page of another site gets no connection', async () => {
	const socket = new WebSocket(address, { origin: 'https://elsewhere.example' });
	const [error] = await once(socket, 'error');
	expect(String(error)).toContain('403');
});

test('a subscription brings its messages until it ends', async () => {
	const page = await connect();
	expect(await page.next()).toEqual({ type: 'beat', database: 'down' });
	page.send(subscribe(7));
	expect(await page.next()).toEqual({
		type: 'message',
		subscription: 7,
		message: { gear: 'D' },
	});
	page.send(subscribe(7, gearTopic.name, { gear: 'R' }));
	expect(await page.next()).toMatchObject({ message: { gear: 'R' } });
	expect(closed).toEqual(['D']);
	page.socket.close();
	await until(() => expect(closed).toEqual(['D', 'R']));
	expect(hub.connections).toBe(0);
});

test.each([
	['an unknown topic', 'admin', subscribe(1, 'test.nothing'), 'not_found'],
	['a role that is not admitted', 'dealer', subscribe(1), 'not_permitted'],
	['wrong parameters', 'admin', subscribe(1, gearTopic.name, { gear: 3 }), 'invalid_input'],
] as const)('%s is refused', async (_, role, request, code) => {
	signedIn = principal(role);
	const page = await connect();
	await page.next();
	page.send(request);
	expect(await page.next()).toMatchObject({ type: 'refused', subscription: 1, code });
});

test('one connection has a bounded number of subscriptions', async () => {
	const page = await connect();
	await page.next();
	for (let subscription = 1; subscription <= 51; subscription++) page.send(subscribe(subscription));
	const answers: LiveMessage[] = [];
	for (let count = 0; count < 51; count++) answers.push(await page.next());
	expect(answers.at(-1)).toMatchObject({ type: 'refused', code: 'too_large' });
	expect(answers.filter((answer) => answer.type === 'message')).toHaveLength(50);
});

test.each(['{', '{"type":"shout"}', '[]', '"x"'])('%s is no request and ends it', async (text) => {
	const page = await connect();
	const ended = once(page.socket, 'close');
	page.socket.send(text);
	expect((await ended)[0]).toBe(1008);
});

test.each([
	['has ended', null],
	['means another role now', principal('customer')],
	['lost its membership', fault('no_membership')],
])('a connection whose session %s is closed at the next beat', async (_, after) => {
	const page = await connect();
	const ended = once(page.socket, 'close');
	signedIn = after;
	vi.advanceTimersByTime(5_000);
	expect((await ended)[0]).toBe(4401);
});

test('without a database a connection stays', async () => {
	const page = await connect();
	await page.next();
	signedIn = fault('database_unavailable');
	vi.advanceTimersByTime(5_000);
	expect(await page.next()).toMatchObject({ type: 'beat' });
	page.send(subscribe(1));
	expect(await page.next()).toMatchObject({ type: 'message' });
});

test('messages that are bytes go out as binary frames under their subscription', async () => {
	const bytesTopic = topic({
		name: 'test.bytes',
		admits: ['admin'],
		params: z.object({}),
		message: bytesSchema,
	});
	hub.serve(bytesTopic, ({ send }) => {
		send(Uint8Array.of(1, 2, 3));
		return { close: () => {} };
	});
	const socket = new WebSocket(address);
	const { promise: frame, resolve } = Promise.withResolvers<unknown>();
	socket.on('message', (data, isBinary) => {
		if (isBinary) resolve(data);
	});
	await once(socket, 'open');
	socket.send(
		JSON.stringify({ type: 'subscribe', subscription: 258, topic: 'test.bytes', params: {} }),
	);
	expect(await frame).toEqual(Buffer.from([2, 1, 0, 0, 1, 2, 3]));
	socket.close();
});

test('a session that ends while its connection opens takes the connection with it', async () => {
	onIdentified = () => {
		signedIn = null;
	};
	const [code] = await once(new WebSocket(address), 'close');
	expect(code).toBe(4401);
});
