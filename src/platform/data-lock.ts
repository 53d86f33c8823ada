import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { processIdentity } from './process-identity.ts';

/** Another live server uses the data folder; the message says which. */
export class DataLockError extends Error {}

export interface DataLock {
	release(): Promise<void>;
}

const holderSchema = z.object({ pid: z.int().positive(), identity: z.string() });

/**
 * Reserves the data folder for this process until it is released or the process ends, however it ends.
 * @throws DataLockError while another live process holds it
 */
export async function lockDataFolder(dataDir: string): Promise<DataLock> {
	await mkdir(dataDir, { recursive: true });
	const path = join(dataDir, 'server.lock');
	const own = JSON.stringify({
		pid: process.pid,
		identity: (await processIdentity(process.pid)) ?? '',
	});
	const draft = `${path}.${process.pid}`;
	await writeFile(draft, own);
	try {
		// A link appears whole or not at all, and only if there is none.
		while (!(await link(draft, path).then(isDone, isNotYet))) await removeStale(path, dataDir);
	} finally {
		await rm(draft);
	}
	return {
		async release() {
			if ((await readOrNull(path)) === own) await rm(path);
		},
	};
}

const isDone = () => true;
function isNotYet(error: NodeJS.ErrnoException): false {
	if (error.code !== 'EEXIST') throw error;
	return false;
}

async function removeStale(path: string, dataDir: string): Promise<void> {
	const text = await readOrNull(path);
	if (text === null) return;
	await refuseIfAlive(text, dataDir);
	const aside = `${path}.${process.pid}.stale`;
	await rename(path, aside).catch(() => {});
	// Between reading and moving, another start may have replaced the stale one by its own.
	const moved = await readOrNull(aside);
	if (moved !== null && moved !== text) await link(aside, path).catch(() => {});
	await rm(aside, { force: true });
}

async function refuseIfAlive(text: string, dataDir: string): Promise<void> {
	const holder = holderSchema.safeParse(parseOrNull(text)).data;
	if (holder === undefined) return;
	if ((await processIdentity(holder.pid)) !== holder.identity) return;
	throw new DataLockError(
		`Another server (process ${holder.pid}) uses the data folder ${dataDir}. Stop it first, or start with another folder: DATA_DIR=… npm start.`,
	);
}

function parseOrNull(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function readOrNull(path: string): Promise<string | null> {
	return readFile(path, 'utf8').catch(() => null);
}
