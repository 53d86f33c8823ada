import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	chmod,
	lstat,
	mkdir,
	readdir,
	readFile,
	realpath,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '#platform/log.ts';
import { processIdentity } from '#platform/process-identity.ts';
import { createTestFolder, type TestFolder } from '../../../tests/harness/folder.ts';
import { until } from '../../../tests/harness/until.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';

const isRoot = process.getuid?.() === 0;
const holder = join(import.meta.dirname, '../../../tests/harness/hold-postgres.ts');

let folder: TestFolder;
let parent: string;
let dir: string;
let running: EmbeddedPostgres[];
beforeEach(async () => {
	folder = await createTestFolder();
	parent = folder.path;
	dir = join(parent, 'postgres');
	running = [];
});
afterEach(async () => {
	await Promise.all(running.map((postgres) => postgres.stop()));
	await folder.remove();
});

async function start(): Promise<EmbeddedPostgres> {
	const postgres = await startEmbeddedPostgres({ dir, log: createLog('silent') });
	running.push(postgres);
	return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
	const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 20_000 });
	client.on('error', () => {});
	await client.connect();
	try {
		return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
	} finally {
		await client.end();
	}
}

test('the first start makes a durable UTF-8 database that later starts find again', async () => {
	const first = await start();
	const settings = ['server_encoding', 'data_checksums', 'fsync', 'synchronous_commit'];
	const shown = settings.map((name) => `current_setting('${name}')`).join(', ');
	expect(await query(first.url, `select ${shown}`)).toEqual(['UTF8', 'on', 'on', 'on']);
	expect(await query(first.url, `select 'É' ilike 'é', 'a' < 'B'`)).toEqual([true, false]);
	await query(first.url, 'create table kept as select 7 as n');
	expect((await stat(dir)).mode & 0o077).toBe(0);
	await first.stop();
	expect(await processIdentity(first.pid)).toBeNull();

	const second = await start();
	expect(second.url).toBe(first.url);
	expect(await query(second.url, 'select n from kept')).toEqual([7]);
});

test('a first start that was cut short leaves nothing in the way', async () => {
	await mkdir(`${dir}.new`);
	await writeFile(join(`${dir}.new`, 'PG_VERSION'), '18\n');
	await writeFile(`${dir}.new.password`, 'half');
	await mkdir(dir);
	const postgres = await start();
	expect(await query(postgres.url, 'select 1')).toEqual([1]);
	expect(await readdir(parent)).toEqual(['postgres']);
});

test('a PostgreSQL that survived its killed parent is taken over, kept alive and stopped', async () => {
	const child = spawn(process.execPath, [holder, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [line] = await once(child.stdout, 'data');
	const { url, pid } = JSON.parse(String(line));
	child.kill('SIGKILL');
	await once(child, 'exit');
	expect(await query(url, 'select 1')).toEqual([1]);

	const adopted = await start();
	expect(adopted.pid).toBe(pid);
	expect(adopted.url).toBe(url);

	process.kill(pid, 'SIGKILL');
	await until(() => expect(adopted.pid).not.toBe(pid));
	expect(await query(url, 'select 1')).toEqual([1]);
	await adopted.stop();
	expect(await processIdentity(adopted.pid)).toBeNull();
});

test('a PostgreSQL that dies comes back at the same address with what was committed', async () => {
	const postgres = await start();
	await query(postgres.url, 'create table kept (n int)');
	for (const n of [1, 2, 3]) {
		const { pid } = postgres;
		await query(postgres.url, `insert into kept values (${n})`);
		process.kill(pid, 'SIGKILL');
		await until(() => expect(postgres.pid).not.toBe(pid));
	}
	expect(await query(postgres.url, 'select n from kept order by n')).toEqual([1, 2, 3]);
});

test('a stop while PostgreSQL is being started again leaves none behind', async () => {
	const postgres = await start();
	process.kill(postgres.pid, 'SIGKILL');
	await postgres.stop();
	await expect(query(postgres.url, 'select 1')).rejects.toThrow();
	const named = Number((await readFile(join(dir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
	expect(await processIdentity(named)).toBeNull();
});

test.each([
	['nobody', () => 2 ** 22 - 3],
	['some other program', () => process.ppid],
])('a pid file that names %s is no obstacle', async (_, pid) => {
	const first = await start();
	const pidFile = await readFile(join(dir, 'postmaster.pid'), 'utf8');
	await first.stop();
	await writeFile(join(dir, 'postmaster.pid'), pidFile.replace(/^\d+/, String(pid())));
	const second = await start();
	expect(await query(second.url, 'select 1')).toEqual([1]);
});

test('a broken data folder ends the start with its name and what PostgreSQL said', async () => {
	await (await start()).stop();
	await rm(join(dir, 'global/pg_control'));
	const failure = await start().catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(EmbeddedPostgresError);
	expect(String(failure)).toContain(dir);
	expect(String(failure)).toContain('global/pg_control');
});

test('a folder that holds something else is not touched', async () => {
	await mkdir(dir);
	await writeFile(join(dir, 'letters.txt'), 'dear');
	await expect(start()).rejects.toThrow(`${dir} is not a data folder`);
	expect(await readdir(dir)).toEqual(['letters.txt']);
});

test.runIf(isRoot)(
	'below a folder that only root may enter, the data are kept elsewhere',
	async () => {
		await chmod(parent, 0o700);
		const first = await start();
		await query(first.url, 'create table kept as select 7 as n');
		await first.stop();
		expect((await lstat(dir)).isSymbolicLink()).toBe(true);
		const elsewhere = await realpath(dir);
		try {
			const second = await start();
			expect(await query(second.url, 'select n from kept')).toEqual([7]);
			await second.stop();
		} finally {
			await rm(elsewhere, { recursive: true });
		}
		await expect(start()).rejects.toThrow('a link to a data folder that is gone');
	},
);
