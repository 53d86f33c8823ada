import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { Fault, fault } from '#contract/faults.ts';
import {
	beatIntervalMs,
	binaryPrefixBytes,
	type LiveMessage,
	type LiveRequest,
	liveFlushMs,
	livePath,
	liveRequestSchema,
} from '#contract/live.ts';
import type { Principal } from '#contract/principal.ts';
import type { Topic } from '#contract/topic.ts';
import { isNoPlaceHere } from '#platform/http/serve.ts';

/** Close code of a session that ended: the page goes to the sign-in. */
const sessionEnded = 4401;
/** Subscriptions of one connection; a page needs a handful. */
const maxSubscriptions = 50;
const maxRequestBytes = 64 * 1024;
/** Requests of one connection from one beat to the next; a person who turns pages in haste sends some dozens. */
const maxRequestsPerBeat = 250;
/** What may wait for a slow browser before its connection is given up; it reconnects and reads anew. */
const maxBufferedBytes = 4 * 1024 * 1024;

/** Begins to serve one subscription. @returns what ends it */
export type TopicOpener<Params, Message> = (subscription: {
	readonly principal: Principal;
	readonly params: Params;
	send(message: Message): void;
}) => { close(): void };

interface ServedTopic {
	readonly topic: Topic;
	open(principal: Principal, params: unknown, send: (message: unknown) => void): { close(): void };
}

export interface LiveHubOptions {
	isDatabaseUp(): boolean;
	/** Called every {@link liveFlushMs}: what gathered goes out. */
	onFlush(): void;
}

/** The WebSocket to which pages subscribe. Modules bring the topics; the hub admits, carries, beats and ends. */
export class LiveHub {
	readonly #options: LiveHubOptions;
	readonly #topics = new Map<string, ServedTopic>();
	readonly #connections = new Set<Connection>();
	#timers: NodeJS.Timeout[] = [];

	constructor(options: LiveHubOptions) {
		this.#options = options;
	}

	/** Adds a topic with the server's side of it. */
	serve<Params extends z.ZodType, Message extends z.ZodType>(
		topic: Topic<Params, Message>,
		opener: TopicOpener<z.output<Params>, z.input<Message>>,
	): void {
		this.#topics.set(topic.name, {
			topic,
			open: (principal, params, send) =>
				opener({ principal, params: topic.params.parse(params), send }),
		});
	}

	/** Adds the WebSocket's route. Only somebody signed in gets a connection. */
	async register(app: FastifyInstance): Promise<void> {
		await app.register(websocket, {
			options: { maxPayload: maxRequestBytes },
			errorHandler: (error, socket, request) => {
				// What a peer got wrong is no failure of the server; the close says what it was.
				if ('code' in error && String(error.code).startsWith('WS_ERR_')) return;
				request.log.error({ err: error }, 'live connection ended by an error');
				socket.terminate();
			},
		});
		// An upgrade that was refused before the WebSocket plugin saw it keeps its socket otherwise.
		app.addHook('onResponse', async (request) => {
			if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
		});
		app.get(
			livePath,
			{
				websocket: true,
				schema: { hide: true },
				preValidation: async (request) => {
					request.principal = await app.identify(request);
					if (request.principal === null) throw fault('not_signed_in');
				},
			},
			(socket, request) => {
				const { principal } = request;
				if (principal !== null) this.#connect(socket, principal, () => app.identify(request));
			},
		);
	}

	start(): void {
		this.#timers = [
			setInterval(() => this.#options.onFlush(), liveFlushMs),
			setInterval(() => this.#beat(), beatIntervalMs),
		];
	}

	stop(): void {
		for (const timer of this.#timers) clearInterval(timer);
		for (const connection of this.#connections) connection.socket.close(1001);
	}

	/** Ends the connections of a user at once whose session has ended or now means another role or scope. */
	recheck(userId: string): void {
		for (const connection of this.#connections)
			if (connection.userId === userId) void connection.checkSession();
	}

	get connections(): number {
		return this.#connections.size;
	}

	#connect(
		socket: WebSocket,
		principal: Principal,
		identify: () => Promise<Principal | null>,
	): void {
		const connection = new Connection(socket, principal, identify, this.#topics);
		this.#connections.add(connection);
		socket.on('message', (data) => connection.receive(String(data)));
		socket.on('error', () => socket.terminate());
		socket.on('close', () => {
			this.#connections.delete(connection);
			connection.closeAll();
		});
		this.#beatOne(connection);
		// What changed while it opened found no connection to end.
		void connection.checkSession();
	}

	#beat(): void {
		for (const connection of this.#connections) {
			this.#beatOne(connection);
			connection.beat();
		}
	}

	#beatOne(connection: Connection): void {
		const database = this.#options.isDatabaseUp() ? 'up' : 'down';
		connection.send({ type: 'beat', database });
	}
}

class Connection {
	readonly socket: WebSocket;
	readonly #principal: Principal;
	readonly #identify: () => Promise<Principal | null>;
	readonly #topics: ReadonlyMap<string, ServedTopic>;
	readonly #open = new Map<number, { close(): void }>();
	#requestsSinceBeat = 0;

	constructor(
		socket: WebSocket,
		principal: Principal,
		identify: () => Promise<Principal | null>,
		topics: ReadonlyMap<string, ServedTopic>,
	) {
		this.socket = socket;
		this.#principal = principal;
		this.#identify = identify;
		this.#topics = topics;
	}

	get userId(): string {
		return this.#principal.userId;
	}

	receive(text: string): void {
		if (this.socket.readyState !== this.socket.OPEN) return;
		if (++this.#requestsSinceBeat > maxRequestsPerBeat) {
			this.socket.close(1008, 'too many requests');
			return;
		}
		const request = parseRequest(text);
		if (request === null) this.socket.close(1008, 'not a request');
		else if (request.type === 'unsubscribe') this.#unsubscribe(request.subscription);
		else this.#subscribe(request);
	}

	send(message: LiveMessage): void {
		if (this.#isReady()) this.socket.send(JSON.stringify(message));
	}

	#sendBytes(subscription: number, message: Uint8Array): void {
		if (!this.#isReady()) return;
		const frame = new Uint8Array(binaryPrefixBytes + message.byteLength);
		new DataView(frame.buffer).setUint32(0, subscription, true);
		frame.set(message, binaryPrefixBytes);
		this.socket.send(frame);
	}

	#isReady(): boolean {
		if (this.socket.readyState !== this.socket.OPEN) return false;
		if (this.socket.bufferedAmount <= maxBufferedBytes) return true;
		this.socket.terminate();
		return false;
	}

	/** Begins another beat. */
	beat(): void {
		this.#requestsSinceBeat = 0;
		void this.checkSession();
	}

	/** Ends the connection when its session has ended or now means another role or scope. */
	async checkSession(): Promise<void> {
		try {
			const principal = await this.#identify();
			if (JSON.stringify(principal) !== JSON.stringify(this.#principal))
				this.socket.close(sessionEnded);
		} catch (error) {
			// Without a database nobody can be told from anybody: keep what there is until it answers.
			if (error instanceof Fault && isNoPlaceHere(error)) this.socket.close(sessionEnded);
		}
	}

	closeAll(): void {
		for (const subscription of this.#open.values()) subscription.close();
		this.#open.clear();
	}

	#subscribe(request: Extract<LiveRequest, { type: 'subscribe' }>): void {
		const { subscription } = request;
		this.#unsubscribe(subscription);
		try {
			const opened = this.#openTopic(request);
			this.#open.set(subscription, opened);
		} catch (error) {
			if (!(error instanceof Fault)) throw error;
			this.send({ type: 'refused', subscription, code: error.code, detail: error.message });
		}
	}

	#openTopic({ subscription, topic, params }: Extract<LiveRequest, { type: 'subscribe' }>): {
		close(): void;
	} {
		const served = this.#topics.get(topic);
		if (served === undefined) throw fault('not_found', { thing: 'topic' });
		if (!served.topic.admits.includes(this.#principal.role)) throw fault('not_permitted');
		if (this.#open.size >= maxSubscriptions)
			throw fault('too_large', { limit: `${maxSubscriptions} subscriptions` });
		const parsed = served.topic.params.safeParse(params);
		if (!parsed.success)
			throw fault('invalid_input', { summary: parsed.error.issues[0]?.message ?? '' });
		return served.open(this.#principal, parsed.data, (message) => {
			if (message instanceof Uint8Array) this.#sendBytes(subscription, message);
			else this.send({ type: 'message', subscription, message });
		});
	}

	#unsubscribe(subscription: number): void {
		this.#open.get(subscription)?.close();
		this.#open.delete(subscription);
	}
}

function parseRequest(text: string): LiveRequest | null {
	try {
		const parsed = liveRequestSchema.safeParse(JSON.parse(text));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
