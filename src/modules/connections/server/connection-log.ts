import type { DeviceConnected, DeviceDisconnected, DeviceReceived } from '#ingest/edge/observer.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import type { LoggedConnection } from './logged-connection.ts';
import { insertConnections, noteAlive, writeEnds } from './store.ts';

/** Rows written by one statement. */
const portion = 1_000;
/** While the database is away so many connections wait to be written; those that have ended go first. */
const maxWaiting = 100_000;

/**
 * Keeps account of connections and writes it in portions beside the hot path, so that a fleet that reconnects costs a
 * few dozen statements.
 */
export class ConnectionLog {
	readonly #database: Database;
	readonly #log: Log;
	readonly #open = new Map<number, LoggedConnection>();
	/** Of each device, the connections that are open or not wholly written; newest last. */
	readonly #known = new Map<number, LoggedConnection[]>();
	readonly #unwritten = new Set<LoggedConnection>();
	readonly #unwrittenEnds = new Set<LoggedConnection>();
	#writing: Promise<void> = Promise.resolve();

	constructor(database: Database, log: Log) {
		this.#database = database;
		this.#log = log;
	}

	connected(opened: DeviceConnected): void {
		const connection = { opened, storedNo: null, ended: null, messages: 0, bytes: 0 };
		this.#open.set(opened.connectionNo, connection);
		const known = this.#known.get(opened.deviceNo);
		if (known === undefined) this.#known.set(opened.deviceNo, [connection]);
		else known.push(connection);
		this.#unwritten.add(connection);
	}

	disconnected({ connectionNo, atMs, reason }: DeviceDisconnected): void {
		const connection = this.#open.get(connectionNo);
		if (connection === undefined) return;
		this.#open.delete(connectionNo);
		connection.ended = { atMs: Math.max(atMs, connection.opened.atMs), reason };
		if (connection.storedNo !== null) this.#unwrittenEnds.add(connection);
		else if (this.#unwritten.size > maxWaiting) {
			this.#unwritten.delete(connection);
			this.#forget(connection);
		}
	}

	received({ deviceNo, transport, body }: DeviceReceived): void {
		const known = this.#known.get(deviceNo);
		if (known === undefined) return;
		// The newest that is open; a closure for each message would cost more than all the rest.
		for (let place = known.length - 1; place >= 0; place--) {
			const connection = known[place]!;
			if (connection.ended !== null || connection.opened.transport !== transport) continue;
			connection.messages++;
			connection.bytes += body.length;
			return;
		}
	}

	/** Connections of a device that are open, or not written yet. */
	known(deviceNo: number): readonly LoggedConnection[] {
		return this.#known.get(deviceNo) ?? [];
	}

	/** Writes what is new, and that the server lives. What fails is written at the next time. */
	write(nowMs: number): Promise<void> {
		this.#writing = this.#writing.then(async () => {
			try {
				await this.#writeAll();
				await noteAlive(this.#database, nowMs);
			} catch (error) {
				this.#log.warn({ err: error }, 'connections could not be written and are tried again');
			}
		});
		return this.#writing;
	}

	async #writeAll(): Promise<void> {
		for (const connections of portionsOf(this.#unwritten)) {
			const ended = connections.map((connection) => connection.ended);
			const numbers = await insertConnections(this.#database, connections);
			for (const [place, connection] of connections.entries()) {
				connection.storedNo = numbers[place] ?? null;
				this.#unwritten.delete(connection);
				// It may have ended while it was written.
				if (connection.ended !== ended[place]) this.#unwrittenEnds.add(connection);
				else if (connection.ended !== null) this.#forget(connection);
			}
		}
		for (const connections of portionsOf(this.#unwrittenEnds)) {
			await writeEnds(this.#database, connections);
			for (const connection of connections) {
				this.#unwrittenEnds.delete(connection);
				this.#forget(connection);
			}
		}
	}

	/** The database knows all about it. */
	#forget(connection: LoggedConnection): void {
		const { deviceNo } = connection.opened;
		const others = this.known(deviceNo).filter((each) => each !== connection);
		if (others.length === 0) this.#known.delete(deviceNo);
		else this.#known.set(deviceNo, others);
	}
}

/** What a set holds now, in portions. */
function portionsOf<T>(set: ReadonlySet<T>): T[][] {
	const all = [...set];
	return Array.from({ length: Math.ceil(all.length / portion) }, (_, index) =>
		all.slice(index * portion, (index + 1) * portion),
	);
}
