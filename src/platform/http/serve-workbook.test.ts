import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { until } from '../../../tests/harness/until.ts';
import { serveWorkbook } from './serve-workbook.ts';
import { createHttpServer } from './server.ts';

/** What has become of whoever asks. */
let changed: (member: Principal) => Principal | null;
/** How often it was asked who that is. */
let asked: number;
const unchanged = (member: Principal) => member;
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
		identify: async ({ headers }) => {
			asked += 1;
			return changed(memberOf(Number(headers['x-organization'])));
		},
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
				// They never end by themselves.
				async *read(client) {
					for (;;) {
						await client.query('select 1');
						yield Array.from({ length: 1_000 }, () => crypto.randomUUID());
					}
				},
			}),
		);
	url = await app.listen({ port: 0 });
});
beforeEach(() => {
	changed = unchanged;
	asked = 0;
});
afterEach(async () => {
	for (const { control } of opened.splice(0)) control.abort();
	// The next test finds every place free.
	await until(() => expect(db.pool.idleCount).toBe(db.pool.totalCount));
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
	await until(async () => expect(await begin('two', ofHarbour)).toBe(200));
	expect(await begin('one', ofHarbour)).toBe(503);
});

test('all organizations together do not take every connection', async () => {
	const statuses = [];
	for (let organization = 11; organization < 21; organization += 1)
		for (const name of names) statuses.push(await begin(name, String(organization)));
	expect(statuses.filter((status) => status === 200)).toHaveLength(9);
	expect(new Set(statuses.slice(9))).toEqual(new Set([503]));
});

/** Begins a download as soon as there is a place. */
async function beginSoon(name: string): Promise<void> {
	await until(async () => expect(await begin(name, ofHarbour)).toBe(200));
}

async function readOn(): Promise<void> {
	const body = opened.at(-1)?.answer.body ?? [];
	for await (const _ of body);
}

test.each<[string, (member: Principal) => Principal | null]>([
	['signed out', () => null],
	[
		'without access any more',
		() => {
			throw fault('no_membership');
		},
	],
	[
		'narrowed to customers',
		(member) => ({ ...member, scope: { ...member.scope, customerNos: [1] } }),
	],
	[
		'in another organization',
		(member) => ({ ...member, scope: { ...member.scope, organizationNo: 3 } }),
	],
	['of another role', (member) => ({ ...member, role: 'operation' })],
])('a download breaks off for a reader who is %s', async (_, change) => {
	await beginSoon('one');
	changed = change;
	await expect(readOn()).rejects.toThrow('terminated');
	changed = unchanged;
	for (const name of names) await beginSoon(name);
});

test('a download goes on for a reader who sees the same, whatever else changes', async () => {
	await beginSoon('one');
	changed = (member) => ({ ...member, organization: { ...member.organization, name: 'Quay' } });
	const reading = readOn();
	await until(() => expect(asked).toBeGreaterThan(2));
	changed = () => {
		throw new Error('no database');
	};
	await until(() => expect(asked).toBeGreaterThan(4));
	opened.at(-1)?.control.abort();
	await expect(reading).rejects.toThrow('aborted');
});
