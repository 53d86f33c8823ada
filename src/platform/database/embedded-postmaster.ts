import { execFile, spawn } from 'node:child_process';
import { chown, open, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Account, readOwnFile } from './embedded-account.ts';
import { type Binaries, binariesEnvironment } from './embedded-binaries.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';

const run = promisify(execFile);

/** PostgreSQL's main process: one we started, or one that survived the program that did. */
export interface Postmaster {
	readonly pid: number;
	readonly socketFolder: string;
	/** Settles when the process is gone. */
	readonly exited: Promise<void>;
	isRunning(): boolean;
}

const startPollMs = 20;
const orphanPollMs = 250;
const crashedSessionsMs = 10_000;
const fastShutdownMs = 60_000;
const immediateShutdownMs = 5_000;

type Phase = 'starting' | 'ready' | 'stopping';

interface PidFile {
	readonly pid: number;
	readonly socketFolder: string;
	readonly phase: Phase;
}

/** Reads `postmaster.pid` (lines as in PostgreSQL's `pidfile.h`); null when there is none or it is being written. */
async function readPidFile(folder: string): Promise<PidFile | null> {
	const text = await readOwnFile(join(folder, 'postmaster.pid'));
	if (text === null) return null;
	const lines = text.split('\n').map((line) => line.trim());
	const pid = Math.abs(Number(lines[0]));
	if (!Number.isSafeInteger(pid) || pid <= 1) return null;
	const status = lines[7];
	const phase = status === 'ready' ? 'ready' : status === 'stopping' ? 'stopping' : 'starting';
	return { pid, socketFolder: lines[4] ?? '', phase };
}

/** Whether the process is alive and really a PostgreSQL on this data folder, and not a later one with the same number. */
async function isPostmasterOf(pid: number, folder: string): Promise<boolean> {
	try {
		if (process.platform === 'linux') {
			// PostgreSQL's working directory is its data folder; that of a dead process cannot be read.
			const cwd = await readlink(`/proc/${pid}/cwd`);
			return cwd === folder && (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'postgres';
		}
		const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]);
		return stdout.includes('postgres') && stdout.includes(folder);
	} catch {
		return false;
	}
}

/**
 * Finds a PostgreSQL that already runs on the data folder and waits until it is ready. One that is shutting down is
 * waited for, and a stale pid file is removed; then there is none to adopt.
 */
export async function findOrphan(folder: string): Promise<Postmaster | null> {
	for (;;) {
		const pidFile = await readPidFile(folder);
		if (pidFile === null) return null;
		if (!(await isPostmasterOf(pidFile.pid, folder))) {
			// PostgreSQL itself would refuse to start if some other program of this account had the number now.
			await rm(join(folder, 'postmaster.pid'), { force: true });
			return null;
		}
		if (pidFile.phase === 'ready')
			return postmaster(pidFile.pid, pidFile.socketFolder, waitUntilGone(pidFile.pid, folder));
		await delay(orphanPollMs);
	}
}

async function waitUntilGone(pid: number, folder: string): Promise<void> {
	while (await isPostmasterOf(pid, folder)) await delay(orphanPollMs);
}

function postmaster(pid: number, socketFolder: string, gone: Promise<void>): Postmaster {
	let running = true;
	const exited = gone.then(() => {
		running = false;
	});
	return { pid, socketFolder, exited, isRunning: () => running };
}

export interface PostmasterStart {
	readonly binaries: Binaries;
	readonly folder: string;
	readonly socketFolder: string;
	readonly account: Account | null;
	/** Gives up the attempt. */
	readonly signal: AbortSignal;
}

/**
 * Starts PostgreSQL on the data folder and waits until it is ready. After a crash it refuses while a session of the
 * crashed one is still ending: then it is tried again.
 */
export async function startPostmaster(start: PostmasterStart): Promise<Postmaster> {
	const giveUpAtMs = performance.now() + crashedSessionsMs;
	for (;;) {
		const result = await tryToStart(start);
		if (!('complaint' in result)) return result;
		const mayEnd = result.complaint.includes('pre-existing shared memory block');
		if (!mayEnd || start.signal.aborted || performance.now() > giveUpAtMs)
			throw new EmbeddedPostgresError(
				`PostgreSQL could not start with the data folder ${start.folder}. Repair it, restore a backup, or move it away to begin with an empty database. PostgreSQL said:\n${result.complaint}`,
			);
		await delay(orphanPollMs);
	}
}

async function tryToStart(start: PostmasterStart): Promise<Postmaster | { complaint: string }> {
	const { binaries, folder, socketFolder, account, signal } = start;
	const startLog = join(folder, 'start.log');
	const output = await open(startLog, 'w', 0o600);
	if (account !== null) await chown(startLog, account.uid, account.gid);
	const startedAtMs = Date.now();
	const child = spawn(binaries.postgres, ['-D', folder, '-k', socketFolder], {
		...account,
		cwd: '/',
		env: binariesEnvironment,
		// A process group of its own: a Ctrl-C in the terminal must reach this program, which stops PostgreSQL last.
		detached: true,
		stdio: ['ignore', output.fd, output.fd],
	});
	const gone = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	await output.close();
	if (child.pid !== undefined) {
		const started = postmaster(child.pid, socketFolder, gone);
		while (started.isRunning()) {
			const pidFile = await readPidFile(folder);
			if (pidFile?.pid === child.pid && pidFile.phase === 'ready') return started;
			if (signal.aborted) await stopPostmaster(started);
			await Promise.race([delay(startPollMs), gone]);
		}
	}
	return { complaint: (await lastLogLines(folder, startedAtMs)).join('\n') };
}

const shownLogLines = 8;

/** What PostgreSQL said at this start: on its standard error, then in the newest file of its log. */
async function lastLogLines(folder: string, sinceMs: number): Promise<string[]> {
	const files = [join(folder, 'start.log')];
	const logFolder = join(folder, 'log');
	for (const name of await readdir(logFolder).catch(() => [])) {
		const path = join(logFolder, name);
		if ((await stat(path)).mtimeMs >= sinceMs) files.push(path);
	}
	const texts = await Promise.all(files.map((path) => readFile(path, 'utf8').catch(() => '')));
	return texts
		.flatMap((text) => text.split('\n'))
		.filter((line) => line !== '' && !/redirecting log output|Future log output/.test(line))
		.slice(-shownLogLines);
}

/** Stops PostgreSQL: open transactions are rolled back and everything is written; if that hangs, at once. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
	if (!postmaster.isRunning()) return;
	for (const [signal, patienceMs] of [
		['SIGINT', fastShutdownMs],
		['SIGQUIT', immediateShutdownMs],
		['SIGKILL', immediateShutdownMs],
	] as const) {
		try {
			process.kill(postmaster.pid, signal);
		} catch {
			// Gone already.
		}
		const patience = new AbortController();
		const isGone = await Promise.race([
			postmaster.exited.then(() => true),
			delay(patienceMs, false, { signal: patience.signal }).catch(() => false),
		]);
		patience.abort();
		if (isGone) return;
	}
}
