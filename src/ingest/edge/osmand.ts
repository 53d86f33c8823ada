import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { Fault } from '#contract/faults.ts';
import { isUnavailable } from '#platform/database/connect.ts';
import { telemetry } from '../message.ts';
import type { EdgeOptions } from './edge-options.ts';
import { type OsmAndReport, readJsonForm, readQueryForm } from './osmand-reading.ts';
import { RequestRoad } from './request-road.ts';
import { slashedFirstRequest } from './slashed-request.ts';

/** Topic under which people see messages that came this way. */
const topic = 'osmand';
/** Connections on which nothing is asked are closed after so long. */
const idleMs = 30_000;
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 30_000;
const maxConnections = 20_000;

/** The OsmAnd protocol on a port of its own: 200 when a position is stored, 400 for a device that may not send it. */
export class OsmAndEdge {
	readonly #options: EdgeOptions;
	readonly #road: RequestRoad;
	readonly #http: Server;
	readonly #server: ReturnType<typeof createSocketServer>;
	readonly #sockets = new Set<Socket>();
	/** Connections whose next request would lack its slash again: each carries one. */
	readonly #slashless = new WeakSet<Socket>();

	constructor(options: EdgeOptions) {
		this.#options = options;
		this.#road = new RequestRoad(options, 'osmand');
		this.#http = createServer(
			{
				keepAliveTimeout: idleMs,
				headersTimeout: headersTimeoutMs,
				requestTimeout: requestTimeoutMs,
			},
			(request, response) => void this.#answer(request, response),
		);
		this.#server = createSocketServer({ noDelay: true, keepAlive: true }, (socket) => {
			this.#sockets.add(socket);
			socket.on('error', () => socket.destroy());
			socket.once('close', () => this.#sockets.delete(socket));
			slashedFirstRequest(socket, headersTimeoutMs, (wasMissing) => {
				if (wasMissing) this.#slashless.add(socket);
				this.#http.emit('connection', socket);
			});
		});
		this.#server.maxConnections = maxConnections;
	}

	/** Starts listening. @returns the port */
	async listen(port: number, host: string): Promise<number> {
		await new Promise<void>((resolve, reject) => {
			this.#server.once('error', reject);
			this.#server.listen({ port, host }, resolve);
		});
		const address = this.#server.address();
		return typeof address === 'object' && address !== null ? address.port : port;
	}

	async close(): Promise<void> {
		const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
		this.#http.close();
		for (const socket of this.#sockets) socket.destroy();
		await closed;
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (this.#slashless.has(request.socket)) response.setHeader('connection', 'close');
		try {
			response.writeHead(await this.#status(request, response)).end();
		} catch (error) {
			if (error instanceof Fault) {
				const { retryAfterSeconds } = error.details;
				if (retryAfterSeconds !== undefined)
					response.setHeader('retry-after', String(retryAfterSeconds));
				response.writeHead(error.status).end();
				return;
			}
			this.#options.log.warn({ err: error }, 'an OsmAnd request failed');
			response.writeHead(isUnavailable(error) ? 503 : 500).end();
		}
	}

	async #status(request: IncomingMessage, response: ServerResponse): Promise<number> {
		if (request.method !== 'GET' && request.method !== 'POST') return 405;
		const body = await readBody(request, this.#options.messageMaxBytes);
		if (body === null) {
			this.#road.tooLarge(null);
			response.setHeader('connection', 'close');
			return 413;
		}
		const report = reportOf(request, body);
		if (report === null) return 400;
		const address = request.socket.remoteAddress ?? '';
		const device = await this.#road.recognise(report.deviceId, report.key, address);
		if (device === null) return 400;
		this.#road.admit(device);
		await this.#road.store({
			device,
			content: telemetry,
			topic,
			body: Buffer.from(JSON.stringify(report.readings)),
			isGone: () => response.destroyed,
		});
		return 200;
	}
}

/** @returns null when there is more than the limit */
async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		if (!Buffer.isBuffer(chunk)) continue;
		bytes += chunk.length;
		if (bytes > limitBytes) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/** What a request says; its parameters stand in its address, or as a form in its body. */
function reportOf(request: IncomingMessage, body: Buffer): OsmAndReport | null {
	const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
	if (isJson) return readJsonForm(jsonOf(body));
	const address = request.url ?? '';
	const query = address.includes('?') ? address.slice(address.indexOf('?') + 1) : '';
	return readQueryForm(new URLSearchParams(query === '' ? body.toString('utf8') : query));
}

function jsonOf(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString('utf8'));
	} catch {
		return null;
	}
}
