import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
	chown,
	lstat,
	mkdir,
	readdir,
	realpath,
	rename,
	rm,
	rmdir,
	symlink,
	writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../log.ts';
import { type Account, canEnter, readOwnFile } from './embedded-account.ts';
import { type Binaries, binariesEnvironment } from './embedded-binaries.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
import { settingsFileName } from './embedded-settings.ts';

const run = promisify(execFile);

export const databaseUser = 'quarterdeck';
const passwordFileName = 'quarterdeck.password';

/** Where root keeps the data when the account cannot reach the folder that was asked for. */
const reachableFolder = '/var/lib/quarterdeck';

/**
 * The real path of the data folder at `dir`, or null when there is none yet and it is to be made.
 */
export async function findDataFolder(dir: string): Promise<string | null> {
	const entry = await lstat(dir).catch(() => null);
	if (entry === null) return null;
	const folder = await realpath(dir).catch(() => {
		throw new EmbeddedPostgresError(
			`${dir} is a link to a data folder that is gone. Restore that folder, or remove the link to begin with an empty database.`,
		);
	});
	if ((await readOwnFile(join(folder, 'PG_VERSION'))) !== null) return folder;
	if (entry.isDirectory() && (await readdir(dir)).length === 0) {
		await rmdir(dir);
		return null;
	}
	throw new EmbeddedPostgresError(
		`${folder} is not a data folder of PostgreSQL. Move it away, or choose another folder with DATA_DIR.`,
	);
}

/**
 * Makes a data folder at `dir`, or elsewhere with a symbolic link at `dir` where the account cannot reach it. It is
 * made beside its place and moved there when complete, so that an interrupted first start leaves nothing half-made.
 * @returns its real path
 */
export async function createDataFolder(
	dir: string,
	account: Account | null,
	binaries: Binaries,
	log: Log,
): Promise<string> {
	const parent = dirname(resolve(dir));
	await mkdir(parent, { recursive: true });
	if (canEnter(account, parent)) {
		const folder = join(await realpath(parent), basename(dir));
		await initialize(`${folder}.new`, account, binaries);
		await rename(`${folder}.new`, folder);
		return folder;
	}
	const wanted = await realpath(parent);
	await mkdir(reachableFolder, { recursive: true, mode: 0o755 });
	const name = createHash('sha256').update(wanted).digest('hex').slice(0, 10);
	const partial = join(reachableFolder, `${name}.new`);
	// A new clone at the same path must not meet the data of an earlier one: only the link says which data are whose.
	const folder = join(reachableFolder, `${name}-${randomBytes(4).toString('hex')}`);
	await initialize(partial, account, binaries);
	await rename(partial, folder);
	await symlink(folder, dir);
	log.info({ folder, dir }, 'PostgreSQL cannot reach the data folder; its data are kept elsewhere');
	return folder;
}

async function initialize(
	folder: string,
	account: Account | null,
	binaries: Binaries,
): Promise<void> {
	// initdb wants an empty folder, so the password waits beside it.
	const passwordFile = `${folder}.password`;
	await rm(folder, { recursive: true, force: true });
	await rm(passwordFile, { force: true });
	await mkdir(folder, { mode: 0o700 });
	await giveTo(account, folder);
	await writeOwnFile(account, passwordFile, randomBytes(24).toString('hex'));
	const parameters = [
		...['-D', folder, '-U', databaseUser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
		// The built-in locale sorts and compares alike on every system, and does not change with its libraries.
		...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
		'--data-checksums',
	];
	await run(binaries.initdb, parameters, { ...account, cwd: '/', env: binariesEnvironment }).catch(
		(error: unknown) => {
			throw new EmbeddedPostgresError(
				`PostgreSQL could not make its data folder in ${dirname(folder)}: ${complaintOf(error)}`,
			);
		},
	);
	await writeOwnFile(
		account,
		join(folder, 'postgresql.conf'),
		`include '${settingsFileName}'\n\n# Your own settings go below; they win over those above.\n`,
	);
	await rename(passwordFile, join(folder, passwordFileName));
}

function complaintOf(error: unknown): string {
	const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
	return stderr || String(error);
}

/** The password of {@link databaseUser}, made with the data folder. */
export async function readPassword(folder: string): Promise<string> {
	const password = await readOwnFile(join(folder, passwordFileName));
	if (password === null)
		throw new EmbeddedPostgresError(
			`The file ${join(folder, passwordFileName)} is missing. Restore it from a backup of the data folder.`,
		);
	return password.trim();
}

/** Writes the settings file; the text takes effect at PostgreSQL's next start. */
export async function writeSettings(
	folder: string,
	account: Account | null,
	text: string,
): Promise<void> {
	await writeOwnFile(account, join(folder, settingsFileName), text);
}

async function writeOwnFile(account: Account | null, path: string, text: string): Promise<void> {
	await writeFile(path, text, { mode: 0o600 });
	await giveTo(account, path);
}

async function giveTo(account: Account | null, path: string): Promise<void> {
	if (account !== null) await chown(path, account.uid, account.gid);
}

// A socket's path may have 104 bytes on macOS, 108 on Linux.
const longestSocketFolder = 80;

/** Folder for the Unix socket of a data folder: short whatever the data folder's path is, and always the same. */
export async function socketFolderOf(dataFolder: string, account: Account | null): Promise<string> {
	const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12);
	const parent = await realpath(tmpdir());
	const isUsable = parent.length <= longestSocketFolder && canEnter(account, parent);
	return join(isUsable ? parent : '/tmp', `qd-${hash}`);
}

/**
 * Makes the folder of the Unix socket, which nobody else may enter. What a PostgreSQL left there that no longer runs is
 * removed: PostgreSQL would not start if some other process had its number now.
 */
export async function makeSocketFolder(folder: string, account: Account | null): Promise<void> {
	try {
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { mode: 0o700 });
		await giveTo(account, folder);
	} catch (error) {
		throw new EmbeddedPostgresError(
			`The folder ${folder} for PostgreSQL's socket could not be made (${String(error)}). Remove it and start again.`,
		);
	}
}
