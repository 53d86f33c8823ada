import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { accountFor } from '#platform/database/embedded-account.ts';
import { until } from '../harness/until.ts';

const run = promisify(execFile);
const readyPatienceMs = 60_000;

/** A PostgreSQL that this machine has installed, with its tools, which the embedded one comes without. */
export interface InstalledPostgres {
	readonly url: string;
	/** Writes a dump of a database. */
	dump(databaseUrl: string, file: string): Promise<void>;
	/** Makes a database of a dump. */
	restore(file: string, databaseUrl: string): Promise<void>;
	stop(): Promise<void>;
}

/** Folder of its programs, or null where none is installed. */
export const installedPrograms = findPrograms();

function findPrograms(): string | null {
	const { stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
	const folder = stdout?.trim() ?? '';
	const hasAll = ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every(
		(name) => spawnSync(join(folder, name), ['--version']).status === 0,
	);
	return folder !== '' && hasAll ? folder : null;
}

/** Starts it on a new folder. It listens on a Unix socket there. */
export async function startInstalledPostgres(folder: string): Promise<InstalledPostgres> {
	const programs = installedPrograms;
	if (programs === null) throw new Error('No PostgreSQL is installed on this machine.');
	const account = await accountFor(folder);
	const data = join(folder, 'data');
	await mkdir(folder, { recursive: true });
	if (account !== null) await chown(folder, account.uid, account.gid);
	const options = { ...account, cwd: folder };
	await run(
		join(programs, 'initdb'),
		['-D', data, '-U', 'quarterdeck', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
		options,
	);
	const server = spawn(
		join(programs, 'postgres'),
		['-D', data, '-k', folder, '-c', 'listen_addresses='],
		{ ...options, stdio: 'ignore' },
	);
	const exited = once(server, 'exit');
	const url = `postgres://quarterdeck@${encodeURIComponent(folder)}/postgres`;
	await until(async () => {
		const client = new pg.Client({ connectionString: url });
		client.on('error', () => {});
		await client.connect();
		await client.end();
	}, readyPatienceMs);
	return {
		url,
		async dump(databaseUrl, file) {
			await run(join(programs, 'pg_dump'), ['--format=custom', `--file=${file}`, databaseUrl]);
		},
		async restore(file, databaseUrl) {
			const parameters = [
				'--exit-on-error',
				'--no-owner',
				'--no-privileges',
				`--dbname=${databaseUrl}`,
				file,
			];
			await run(join(programs, 'pg_restore'), parameters);
		},
		async stop() {
			server.kill('SIGINT');
			await exited;
		},
	};
}
