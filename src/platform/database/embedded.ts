import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log.ts';
import { accountFor, canEnter } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
import {
	createDataFolder,
	databaseUser,
	findDataFolder,
	makeSocketFolder,
	readPassword,
	socketFolderOf,
	writeSettings,
} from './embedded-folder.ts';
import {
	findOrphan,
	type Postmaster,
	startPostmaster,
	stopPostmaster,
} from './embedded-postmaster.ts';
import { postgresSettings, settingsFile } from './embedded-settings.ts';

export interface EmbeddedPostgresOptions {
	/** Data folder; made at the first start. */
	readonly dir: string;
	readonly log: Log;
	/** Settings that win over {@link postgresSettings}. */
	readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
	/** Connection string of the database's owner; it stays valid when PostgreSQL dies and is started again. */
	readonly url: string;
	/** The same for the role under which the server works: nobody in particular, until something is handed to it. */
	readonly serverUrl: string;
	/** The process that runs at the moment. */
	readonly pid: number;
	/** Stops PostgreSQL, whoever started it, and waits until it is gone. */
	stop(): Promise<void>;
}

const databaseName = 'quarterdeck';
/** Role under which the server works. */
export const serverRole = 'quarterdeck_server';
const firstRestartDelayMs = 100;
const longestRestartDelayMs = 10_000;
const stableAfterMs = 60_000;

/**
 * Runs PostgreSQL on a data folder of its own and keeps it running. One that survived a killed program is adopted. The
 * caller makes sure that no other live program uses the folder.
 * @throws EmbeddedPostgresError when it cannot run here or on this folder
 */
export async function startEmbeddedPostgres(
	options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
	const { dir, log } = options;
	const existing = await findDataFolder(dir);
	const account = await accountFor(existing ?? dir);
	const binaries = await findBinaries(account);
	const folder = existing ?? (await createDataFolder(dir, account, binaries, log));
	if (!canEnter(account, folder))
		throw new EmbeddedPostgresError(
			`PostgreSQL's system account cannot reach the data folder ${folder}. Move it to a folder that everybody may enter, or choose another with DATA_DIR.`,
		);
	const password = await readPassword(folder);
	await writeSettings(folder, account, settingsFile({ ...postgresSettings, ...options.settings }));

	const abort = new AbortController();
	async function launch(socketFolder: string): Promise<Postmaster> {
		await makeSocketFolder(socketFolder, account);
		return startPostmaster({ binaries, folder, socketFolder, account, signal: abort.signal });
	}

	let current =
		(await adopt(folder, password, log)) ?? (await launch(await socketFolderOf(folder, account)));
	const { socketFolder } = current;
	await createDatabase(socketFolder, password);
	const serverPassword = await renewServerRole(socketFolder, password);
	const supervision = supervise();

	async function supervise(): Promise<void> {
		let restartDelayMs = firstRestartDelayMs;
		while (!abort.signal.aborted) {
			const upSinceMs = performance.now();
			await current.exited;
			if (performance.now() - upSinceMs > stableAfterMs) restartDelayMs = firstRestartDelayMs;
			while (!abort.signal.aborted && !current.isRunning()) {
				log.error({ restartDelayMs }, 'PostgreSQL is not running; starting it again');
				await delay(restartDelayMs, null, { signal: abort.signal }).catch(() => null);
				restartDelayMs = Math.min(restartDelayMs * 2, longestRestartDelayMs);
				if (!abort.signal.aborted) await restart();
			}
		}
	}

	async function restart(): Promise<void> {
		try {
			current = await launch(socketFolder);
			log.info({ pid: current.pid }, 'PostgreSQL runs again');
		} catch (error) {
			if (!abort.signal.aborted) log.error({ err: error }, 'PostgreSQL could not be started');
		}
	}

	return {
		url: connectionString(socketFolder, databaseUser, password, databaseName),
		serverUrl: connectionString(socketFolder, serverRole, serverPassword, databaseName),
		get pid() {
			return current.pid;
		},
		async stop() {
			abort.abort();
			await stopPostmaster(current);
			await supervision;
			// A restart may have succeeded while the stop was asked for.
			await stopPostmaster(current);
			await rm(socketFolder, { recursive: true, force: true });
		},
	};
}

/** Takes over a PostgreSQL that survived the program that started it, unless it does not answer. */
async function adopt(folder: string, password: string, log: Log): Promise<Postmaster | null> {
	const orphan = await findOrphan(folder);
	if (orphan === null) return null;
	try {
		await query(orphan.socketFolder, password, 'select 1', []);
	} catch (error) {
		log.warn({ err: error, pid: orphan.pid }, 'a PostgreSQL left from before does not answer');
		await stopPostmaster(orphan);
		return null;
	}
	log.info({ pid: orphan.pid }, 'took over the PostgreSQL that was left running');
	return orphan;
}

async function createDatabase(socketFolder: string, password: string): Promise<void> {
	const sql = 'select from pg_database where datname = $1';
	if ((await query(socketFolder, password, sql, [databaseName])).rowCount === 0)
		await query(socketFolder, password, `create database ${databaseName}`, []);
}

/** The server's role gets another password at each start, which nobody has to keep. */
async function renewServerRole(socketFolder: string, password: string): Promise<string> {
	const serverPassword = randomBytes(24).toString('hex');
	const sql = 'select from pg_roles where rolname = $1';
	const isThere = (await query(socketFolder, password, sql, [serverRole])).rowCount !== 0;
	await query(
		socketFolder,
		password,
		`${isThere ? 'alter' : 'create'} role ${serverRole}
			login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '${serverPassword}'`,
		[],
	);
	return serverPassword;
}

async function query(
	socketFolder: string,
	password: string,
	sql: string,
	parameters: string[],
): Promise<pg.QueryResult> {
	const client = new pg.Client({
		connectionString: connectionString(socketFolder, databaseUser, password, 'postgres'),
		connectionTimeoutMillis: 10_000,
	});
	// Reported by the query that it fails.
	client.on('error', () => {});
	await client.connect();
	try {
		return await client.query(sql, parameters);
	} finally {
		await client.end();
	}
}

function connectionString(
	socketFolder: string,
	user: string,
	password: string,
	database: string,
): string {
	return `postgres://${user}:${password}@${encodeURIComponent(socketFolder)}/${database}`;
}
