import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataLockError, lockDataFolder } from './data-lock.ts';
import { processIdentity } from './process-identity.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'qd-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a second server on the same folder is refused until the first one releases it', async () => {
	const lock = await lockDataFolder(folder);
	await expect(lockDataFolder(folder)).rejects.toThrow(DataLockError);
	await expect(lockDataFolder(folder)).rejects.toThrow(`process ${process.pid}`);
	await lock.release();
	await (await lockDataFolder(folder)).release();
	expect(await readdir(folder)).toEqual([]);
});

test('of many that start at once after a crash, one gets the folder', async () => {
	const identity = 'an earlier start of the machine';
	await writeFile(join(folder, 'server.lock'), JSON.stringify({ pid: process.pid, identity }));
	const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataFolder(folder)));
	expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test.each([
	['of a process that is gone', JSON.stringify({ pid: 2 ** 30, identity: 'x' })],
	['that was cut short by a crash', '{"pid":'],
	['that is empty', ''],
])('a lock file %s is no obstacle', async (_, text) => {
	await writeFile(join(folder, 'server.lock'), text);
	await (await lockDataFolder(folder)).release();
});

test('a process is known by its start, and a missing one by nothing', async () => {
	const identity = await processIdentity(process.pid);
	expect(identity).not.toBeNull();
	expect(await processIdentity(process.pid)).toBe(identity);
	expect(await processIdentity(2 ** 30)).toBeNull();
});
