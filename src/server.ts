/** Starts Quarterdeck and stops it in order: settings, data folder, PostgreSQL unless one is given, product. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Config, readConfig, userOf } from '#platform/config.ts';
import { lockDataFolder } from '#platform/data-lock.ts';
import {
	type EmbeddedPostgres,
	serverRole,
	startEmbeddedPostgres,
} from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { announcement, type DemoUser } from './announcement.ts';
import { compose, type DatabaseOwner, type Product } from './compose.ts';
import { startFailureSentence } from './start-failure.ts';

const checkout = join(import.meta.dirname, '..');

/** One Ctrl-C arrives several times: from the terminal, from npm and from the launcher. */
const sameSignalMs = 500;
/** After a failure of the program itself, closing in order may hang. */
const failurePatienceMs = 10_000;

const usage = `Usage: npm start [-- --demo]

  --demo   set up a demo fleet without questions and print its sign-ins
  --help   show this

Settings come from the environment; README.md lists them.`;

interface Running {
	readonly product: Product;
	readonly demoUsers: readonly DemoUser[] | null;
	stop(): Promise<void>;
}

const { demo } = readArguments();
const config = readSettings();
const log = createLog(config.logLevel);
const version = await readVersion();
let postgres: EmbeddedPostgres | null = null;
let stoppingSinceMs: number | null = null;

const starting = start();
process.on('SIGINT', () => end('asked to stop', 0));
process.on('SIGTERM', () => end('asked to stop', 0));
// When its terminal closes, the launcher ends, unless it was told to stay (nohup); that decides.
process.on('SIGHUP', () => {});
process.on('disconnect', () => end('the launcher is gone', 0));
process.on('uncaughtException', (error) => {
	log.fatal({ err: error }, 'the program failed');
	setTimeout(() => process.exit(1), failurePatienceMs).unref();
	end('the program failed', 1);
});
try {
	const { product, demoUsers } = await starting;
	if (stoppingSinceMs === null)
		console.log(announcement({ version, config, product, demo, demoUsers }));
} catch (error) {
	giveUp(error, config);
}

function giveUp(error: unknown, config: Config | null): never {
	const sentence = startFailureSentence(error, config);
	console.error(sentence ?? error);
	process.exit(1);
}

function readArguments(): { demo: boolean } {
	try {
		const { values } = parseArgs({
			options: { demo: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
		});
		if (!values.help) return { demo: values.demo ?? false };
		console.log(usage);
		process.exit(0);
	} catch (error) {
		console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
		process.exit(1);
	}
}

function readSettings(): Config {
	try {
		return readConfig(process.env);
	} catch (error) {
		return giveUp(error, null);
	}
}

/** Starts one part after the other; if one fails, those before it are stopped again. */
async function start(): Promise<Running> {
	await using parts = new AsyncDisposableStack();
	const lock = await lockDataFolder(config.dataDir);
	parts.defer(() => lock.release());
	if (config.databaseUrl === null) {
		const embedded = await startEmbeddedPostgres({ dir: config.postgresDir, log });
		parts.defer(() => embedded.stop());
		postgres = embedded;
	}
	const product = await compose({
		config,
		databaseUrl: config.databaseUrl ?? postgres?.serverUrl ?? '',
		owner: ownerOf(config, postgres),
		log,
		version,
		webDir: join(checkout, 'dist/web'),
	});
	parts.defer(() => product.close());
	const demoUsers = demo ? await product.setUpDemo() : null;
	const started = parts.move();
	return { product, demoUsers, stop: () => started.disposeAsync() };
}

function ownerOf(
	{ databaseUrl, databaseOwnerUrl }: Config,
	embedded: EmbeddedPostgres | null,
): DatabaseOwner | null {
	if (embedded !== null) return { url: embedded.url, serverRole };
	if (databaseUrl === null || databaseOwnerUrl === null) return null;
	return { url: databaseOwnerUrl, serverRole: userOf(databaseUrl) };
}

/** Stops what was started, in reverse order, and ends the process; asked a second time, it ends at once. */
async function end(reason: string, code: number): Promise<void> {
	const nowMs = performance.now();
	if (stoppingSinceMs !== null) {
		if (nowMs - stoppingSinceMs < sameSignalMs) return;
		// PostgreSQL ends by itself; the next start waits for it.
		if (postgres !== null) process.kill(postgres.pid, 'SIGINT');
		process.exit(code || 130);
	}
	stoppingSinceMs = nowMs;
	log.info({ reason }, 'stopping');
	try {
		await (await starting).stop();
	} catch (error) {
		log.error({ err: error }, 'the product did not stop cleanly');
		process.exit(1);
	}
	process.exit(code);
}

async function readVersion(): Promise<string> {
	const text = await readFile(join(checkout, 'package.json'), 'utf8');
	return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
