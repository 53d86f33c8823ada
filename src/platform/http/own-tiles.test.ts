import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from '#platform/config.ts';
import { createTestFolder, type TestFolder } from '../../../tests/harness/folder.ts';
import { pixelPng, pmtilesArchive } from '../../../tests/harness/pmtiles.ts';
import { readOwnTiles, serveOwnTiles } from './own-tiles.ts';
import { servePages } from './pages.ts';
import { createHttpServer } from './server.ts';

let folder: TestFolder;
beforeEach(async () => {
	folder = await createTestFolder();
});
afterEach(() => folder.remove());

const archive = pmtilesArchive('raster', pixelPng([200, 30, 100]), { attribution: '© Survey' });

async function written(content: Uint8Array): Promise<string> {
	const file = join(folder.path, 'land.pmtiles');
	await writeFile(file, content);
	return file;
}

async function refusal(file: string): Promise<string> {
	const error: unknown = await readOwnTiles(file).catch((reason: unknown) => reason);
	return error instanceof ConfigError ? error.message : expect.unreachable(String(error));
}

test('a file says what it is', async () => {
	expect(await readOwnTiles(await written(archive))).toMatchObject({
		kind: 'raster',
		minZoom: 0,
		maxZoom: 0,
		layers: [],
		attribution: '© Survey',
	});
});

test('another file has another address', async () => {
	const { path } = await readOwnTiles(await written(archive));
	const longer = await readOwnTiles(await written(Buffer.concat([archive, Buffer.of(0)])));
	expect(longer.path).not.toBe(path);
});

test('a file that cannot be used is named, with the reason and what to do', async () => {
	const missing = join(folder.path, 'none.pmtiles');
	const sentence = await refusal(missing);
	expect(sentence).toContain(`The setting BASEMAP_PMTILES names ${missing}`);
	expect(sentence).toContain('no such file');
	expect(sentence).toContain('Give the path of a PMTiles file of version 3');
	expect(await refusal(folder.path)).toContain('directory');
	expect(await refusal(await written(Buffer.from('a picture of a map')))).toContain(
		'cannot be used',
	);
	expect(await refusal(await written(Buffer.alloc(500)))).toContain('cannot be used');
	const ofVersion2 = Buffer.from(archive);
	ofVersion2[7] = 2;
	expect(await refusal(await written(ofVersion2))).toContain('its version is 2');
	const ofSomethingElse = Buffer.from(archive);
	ofSomethingElse[99] = 0;
	expect(await refusal(await written(ofSomethingElse))).toContain('neither vector tiles');
});

test.each([true, false])('ranges go to who is signed in: %s', async (isSignedIn) => {
	const file = await written(archive);
	const { path } = await readOwnTiles(file);
	const app = await createHttpServer({
		log: pino({ level: 'silent' }),
		publicUrl: null,
		version: '1.2.3',
		isDatabaseUp: () => true,
		requestsPerMinute: 1,
		identify: async () => (isSignedIn ? reader : null),
	});
	await servePages(app, folder.path);
	serveOwnTiles(app, file);
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	for (const [from, to] of [
		[0, 126],
		[7, 7],
	] as const) {
		const answer = await fetch(url + path, { headers: { range: `bytes=${from}-${to}` } });
		expect(answer.status).toBe(isSignedIn ? 206 : 401);
		if (!isSignedIn) continue;
		expect(answer.headers.get('content-range')).toBe(`bytes ${from}-${to}/${archive.length}`);
		expect(answer.headers.get('cache-control')).toContain('private');
		const bytes = Buffer.from(await answer.arrayBuffer());
		expect(bytes.equals(archive.subarray(from, to + 1))).toBe(true);
	}
	await app.close();
});

const reader = {
	userId: 'u',
	credential: { kind: 'session', sessionId: 's' },
	email: 'reader@example.org',
	name: 'Reader',
	role: 'admin',
	misRole: 'user',
	scope: { organizationNo: 1, dealerNo: null, customerNos: null, deviceNos: null },
	organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
} as const;
