import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { until } from './until.ts';

export interface DatabaseLine {
	/** The database's address through this line. */
	readonly url: string;
	/** Ends every connection and refuses new ones, as a server that is gone does. */
	cut(): Promise<void>;
	/** Lets connections through again, at the same port. */
	restore(): Promise<void>;
	/** Keeps connections open but lets nothing through, as a server that hangs does. */
	freeze(): void;
	/** Lets nothing more through on the connections there are, as when the server's machine is lost; new ones work. */
	lose(): void;
	/** From now on everything takes so long, each way. */
	slowDown(delayMs: number): void;
	close(): Promise<void>;
}

/** A line to a real database that a test can cut without stopping the server that other tests use. */
export async function openDatabaseLine(databaseUrl: string): Promise<DatabaseLine> {
	const { host, port: targetPort, user, password, database } = new pg.Client(databaseUrl);
	const isFolder = host.startsWith('/');
	const target = isFolder ? { path: `${host}/.s.PGSQL.${targetPort}` } : { host, port: targetPort };
	const sockets = new Set<Socket>();
	const lost = new WeakSet<Socket>();
	let isFrozen = false;
	let delayMs = 0;
	const server = createServer((client) => {
		const upstream = connect(target);
		for (const [from, to] of [
			[client, upstream],
			[upstream, client],
		] as const) {
			sockets.add(from);
			from.on('error', () => to.destroy());
			from.on('close', () => {
				sockets.delete(from);
				if (!lost.has(from)) to.destroy();
			});
			const passOn = inOrder((data: Buffer) => {
				if (!isFrozen && !lost.has(from)) to.write(data);
			});
			from.on('data', (data) => passOn(data, delayMs));
		}
	});
	// The port is everybody's while the line is cut.
	const listen = (port: number) =>
		until(async () => {
			server.listen(port, '127.0.0.1');
			await once(server, 'listening');
		});
	await listen(0);
	const { port } = server.address() as AddressInfo;

	async function cut(): Promise<void> {
		for (const socket of sockets) socket.destroy();
		if (!server.listening) return;
		server.close();
		await once(server, 'close');
	}
	return {
		url: `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
		cut,
		restore: () => {
			isFrozen = false;
			return listen(port);
		},
		freeze: () => {
			isFrozen = true;
		},
		lose: () => {
			for (const socket of sockets) lost.add(socket);
		},
		slowDown: (ms) => {
			delayMs = ms;
		},
		close: cut,
	};
}

/** Passes data on after their delay, but never before what came earlier. */
function inOrder(pass: (data: Buffer) => void): (data: Buffer, delayMs: number) => void {
	const waiting: { readonly data: Buffer; readonly dueAtMs: number }[] = [];
	function passDue(): void {
		for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
			const leftMs = first.dueAtMs - performance.now();
			if (leftMs > 0) {
				setTimeout(passDue, leftMs);
				return;
			}
			waiting.shift();
			pass(first.data);
		}
	}
	return (data, delayMs) => {
		if (delayMs === 0 && waiting.length === 0) return pass(data);
		waiting.push({ data, dueAtMs: performance.now() + delayMs });
		if (waiting.length === 1) passDue();
	};
}
