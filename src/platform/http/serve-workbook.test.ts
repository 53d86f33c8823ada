import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import type { Principal } from '#contract/principal.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { serveWorkbook } from './serve-workbook.ts';
import { createHttpServer } from './server.ts';

const names = ['one', 'two', 'three'];
const ofHarbour = '1';
const ofIsland = '2';
let db: TestDatabase;
let app: FastifyInstance;
let url: string;
/** Answers are held, since one that nobody knows of any more is given up. */
const opened: { readonly answer: Response; readonly control: AbortController }[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	app = await createHttpServer({
		log: createLog('silent'),
		publicUrl: null,
		version: '0',
		requestsPerMinute: 1_000,
		isDatabaseUp: () => true,
		identify: async ({ headers }) => memberOf(Number(headers['x-organization'])),
	});
	for (const name of names)
		serveWorkbook(
			app,
			endpoint({
				method: 'GET',
				path: `/api/${name}`,
				summary: name,
				admits: 'signed-in',
				reply: z.file(),
			}),
			{ pool: db.pool, fileName: name },
			async () => ({
				sheetName: name,
				columns: [{ title: 'Text', kind: 'text', width: 10, value: (text: string) => text }],
				timeZone: 'UTC',
				rows: 1_000_000,
				async *read(client) {
					for (let place = 0; place < 1_000_000; place += 1_000) {
						await client.query('select 1');
						yield Array.from({ length: 1_000 }, () => crypto.randomUUID());
					}
				},
			}),
		);
	url = await app.listen({ port: 0 });
});
afterEach(() => {
	for (const { control } of opened.splice(0)) control.abort();
});
afterAll(async () => {
	await app.close();
	await db.drop();
});

function memberOf(organizationNo: number): Principal {
	return {
		userId: 'u',
		email: 'asha@example.org',
		name: 'Asha',
		role: 'admin',
		misRole: 'user',
		credential: { kind: 'session', sessionId: 's' },
		scope: { organizationNo, dealerNo: null, customerNos: null, deviceNos: null },
		organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
	};
}

/** Begins a download and reads nothing of it. */
async function begin(name: string, organization: string): Promise<number> {
	const control = new AbortController();
	const headers = { 'x-organization': organization };
	const answer = await fetch(`${url}/api/${name}`, { headers, signal: control.signal });
	opened.push({ answer, control });
	return answer.status;
}

test('downloads that nobody reads leave connections to the pages, and places to other organizations', async () => {
	for (const name of names) expect(await begin(name, ofHarbour)).toBe(200);
	for (const name of names) expect(await begin(name, ofHarbour)).toBe(503);
	expect(await begin('one', ofIsland)).toBe(200);
	opened[0]?.control.abort();
	await vi.waitFor(async () => expect(await begin('two', ofHarbour)).toBe(200));
	expect(await begin('one', ofHarbour)).toBe(503);
});

test('all organizations together do not take every connection', async () => {
	const statuses = [];
	for (let organization = 11; organization < 21; organization += 1)
		for (const name of names) statuses.push(await begin(name, String(organization)));
	expect(statuses.filter((status) => status === 200)).toHaveLength(9);
	expect(new Set(statuses.slice(9))).toEqual(new Set([503]));
});
