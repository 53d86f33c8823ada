import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { processIdentity } from '#platform/process-identity.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { type RunningProduct, runProduct, startProduct } from './harness/product.ts';

let folder: TestFolder;
let running: RunningProduct[];
beforeEach(async () => {
	folder = await createTestFolder();
	running = [];
});
afterEach(async () => {
	await Promise.all(running.map((product) => product.end('SIGTERM')));
	await folder.remove();
});

async function start(options: { launcher?: boolean; parameters?: string[] } = {}) {
	const product = await startProduct({ dataDir: folder.path, ...options });
	running.push(product);
	return product;
}

async function postgresPid(): Promise<number> {
	return Number(
		(await readFile(join(folder.path, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0],
	);
}

async function statusOf(url: string): Promise<number> {
	return (await fetch(url, { headers: { accept: 'text/html' } })).status;
}

test('npm start serves the portal and Ctrl-C stops everything', async () => {
	const product = await start({ launcher: true });
	expect(await statusOf(`${product.url}/sign-in`)).toBe(200);
	expect(await statusOf(`${product.url}/health`)).toBe(200);
	expect(product.setupLink).toMatch(`${product.url}/setup#`);
	const postgres = await postgresPid();
	expect(await product.end('SIGINT')).toBe(0);
	expect(await processIdentity(postgres)).toBeNull();
	await expect(fetch(product.url)).rejects.toThrow();
});

test('--demo prints its sign-ins once', async () => {
	const first = await start({ parameters: ['--demo'] });
	expect(first.signIns.map((signIn) => signIn.role)).toContain('Super Admin');
	expect(first.setupLink).toBeNull();
	expect(await first.end('SIGTERM')).toBe(0);
	const second = await start({ parameters: ['--demo'] });
	expect(second.signIns).toEqual([]);
	expect(second.said()).toContain('--demo has changed nothing');
});

test('a second server on the same data is refused while the first one lives', async () => {
	const first = await start();
	const second = await runProduct({ dataDir: folder.path });
	expect(second.code).toBe(1);
	expect(second.said).toContain(
		`Another server (process ${first.process.pid}) uses the data folder`,
	);
	expect(await statusOf(`${first.url}/health`)).toBe(200);
});

test('after a kill -9 the next start takes over PostgreSQL', async () => {
	const first = await start();
	const postgres = await postgresPid();
	await first.end('SIGKILL');
	const second = await start();
	expect(await postgresPid()).toBe(postgres);
	expect(await statusOf(`${second.url}/health`)).toBe(200);
	expect(await second.end('SIGTERM')).toBe(0);
	expect(await processIdentity(postgres)).toBeNull();
});

test('the server stops when its launcher is killed', async () => {
	const product = await start({ launcher: true });
	const postgres = await postgresPid();
	await product.end('SIGKILL');
	await vi.waitFor(async () => expect(await processIdentity(postgres)).toBeNull(), {
		timeout: 60_000,
	});
	await expect(fetch(product.url)).rejects.toThrow();
});

test.each(['PORT', 'MQTT_PORT'])(
	'%s in use: a sentence, and nothing is left running',
	async (name) => {
		const other = createServer().listen(0, '0.0.0.0');
		await once(other, 'listening');
		const address = other.address();
		const port = typeof address === 'object' ? address?.port : undefined;
		const { code, said } = await runProduct({
			dataDir: folder.path,
			environment: { [name]: String(port) },
		});
		other.close();
		expect(code).toBe(1);
		expect(said).toContain(`Port ${port} is in use. Stop the other program or start with ${name}=`);
		await expect(postgresPid()).rejects.toThrow('ENOENT');
	},
);

test.each([
	['an unknown argument', { parameters: ['--dmeo'] }, "Unknown option '--dmeo'"],
	[
		'a wrong setting',
		{ environment: { PORT: 'eighty' } },
		'The setting PORT must be a port number',
	],
	[
		'a mail server without a sender',
		{ environment: { SMTP_URL: 'smtp://someone:secret@mail.example' } },
		'Set MAIL_FROM beside SMTP_URL',
	],
	[
		'a database that is not there',
		{ environment: { DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/fleet' } },
		'The database at postgres://someone@127.0.0.1:1/fleet cannot be used',
	],
])('%s: a sentence that says what to do', async (_, options, sentence) => {
	const { code, said } = await runProduct({ dataDir: folder.path, ...options });
	expect(code).toBe(1);
	expect(said).toContain(sentence);
	expect(said).not.toContain('    at ');
});

test('--help explains the arguments', async () => {
	const { code, said } = await runProduct({ dataDir: folder.path, parameters: ['--help'] });
	expect(code).toBe(0);
	expect(said).toContain('--demo');
});
