import { execFile, spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-error.ts';

const run = promisify(execFile);

/** The system account PostgreSQL runs under. */
export interface Account {
	readonly uid: number;
	readonly gid: number;
}

const accountName = 'postgres';

/**
 * PostgreSQL refuses to run as root. For root this is the owner of an existing data folder, else the system account
 * `postgres`, which is created when it is missing. For everybody else null: PostgreSQL runs as whoever starts it.
 */
export async function accountFor(dataFolder: string): Promise<Account | null> {
	if (process.getuid?.() !== 0) return null;
	const owner = await stat(dataFolder).catch(() => null);
	if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	return (await readAccount()) ?? (await createAccount());
}

async function readAccount(): Promise<Account | null> {
	try {
		const [uid, gid] = await Promise.all([
			run('id', ['-u', accountName]),
			run('id', ['-g', accountName]),
		]);
		return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
	} catch {
		return null;
	}
}

async function createAccount(): Promise<Account> {
	const attempts = [
		['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/bin/false'],
		// BusyBox (Alpine)
		['adduser', '-S', '-D', '-H', '-s', '/bin/false'],
	] as const;
	for (const [command, ...parameters] of attempts) {
		const made = await run(command, [...parameters, accountName]).catch(() => null);
		const account = made && (await readAccount());
		if (account) return account;
	}
	throw new EmbeddedPostgresError(
		`PostgreSQL does not run as root, and the system account "${accountName}" could not be created. Start as an ordinary user, create that account, or set DATABASE_URL to an existing server.`,
	);
}

/** Whether the account may enter this folder, that is, pass every folder above it. */
export function canEnter(account: Account | null, folder: string): boolean {
	if (account === null) return true;
	const attempt = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
		...account,
		cwd: '/',
		stdio: 'ignore',
	});
	return attempt.status === 0;
}

/** Reads a file of the data folder, or says whose account it takes. Null when there is none. */
export async function readOwnFile(path: string): Promise<string | null> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : null;
		if (code === 'ENOENT') return null;
		if (code === 'EACCES')
			throw new EmbeddedPostgresError(
				`The data folder's file ${path} belongs to another user. Start as that user, or choose another folder with DATA_DIR.`,
			);
		throw error;
	}
}
