import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { waitAtMost } from '../patience.ts';
import type { DB } from './schema.ts';

export type Database = Kysely<DB>;

// bigint (oid 20) as a number: every counter here stays far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** A server that vanished without a word is found out by TCP, also by a connection that only waits. */
const tcpKeepAliveAfterMs = 10_000;
/** What is asked at the end is short. */
const closePatienceMs = 2_000;

/** A pool of connections, of which those in use can be given up when the database does not answer. */
export class DatabasePool extends pg.Pool {
	readonly #inUse = new Set<pg.PoolClient>();

	constructor(options: pg.PoolConfig) {
		super(options);
		// A connection that breaks is replaced at the next use; whoever uses it hears of it by the query. The pool listens
		// only while a connection is idle, and an error that nobody listens to ends the process.
		this.on('error', () => {});
		this.on('connect', (client) => client.on('error', () => {}));
		this.on('acquire', (client) => this.#inUse.add(client));
		this.on('release', (_, client) => this.#inUse.delete(client));
	}

	/** Fails every query that waits for its answer, and breaks its connection. */
	giveUpWaiting(): void {
		for (const client of this.#inUse) client.end().catch(() => {});
	}

	/** Ends every connection. Those to a database that does not answer are left to end with the process. */
	close(): Promise<void> {
		return waitAtMost(closePatienceMs, this.end());
	}
}

/**
 * Makes a pool of connections. A connection that cannot be had in five seconds is an error, so that a page never hangs
 * on a database that is gone.
 */
export function createPool(
	databaseUrl: string,
	applicationName: string,
	max: number,
): DatabasePool {
	return new DatabasePool({
		connectionString: databaseUrl,
		application_name: applicationName,
		max,
		connectionTimeoutMillis: 5_000,
		idleTimeoutMillis: 60_000,
		keepAlive: true,
		keepAliveInitialDelayMillis: tcpKeepAliveAfterMs,
	});
}

/** Typed SQL over a pool. */
export function createDatabase(pool: pg.Pool): Database {
	return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}

/** SQLSTATE of a database error, or null when the error is none of the server's. */
export function sqlState(error: unknown): string | null {
	return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** Whether the database could not be reached or is shutting down, so that the same work may succeed later. */
export function isUnavailable(error: unknown): boolean {
	const state = sqlState(error);
	if (state !== null) return state.startsWith('57P') || state.startsWith('08') || state === '53300';
	if (!(error instanceof Error)) return false;
	const code = 'code' in error ? String(error.code) : '';
	return (
		/^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH)/.test(code) ||
		/timeout|Connection terminated|not queryable|Client was closed/i.test(error.message)
	);
}
