import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { createCustomer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { until } from '../../../../tests/harness/until.ts';
import { cellsOf, unzip } from '../../../../tests/harness/workbook.ts';
import { auditEntrySchema, auditPageSchema } from '../contract.ts';
import { serveAuditRoutes } from './index.ts';

const password = 'a sentence works well';
const manyEntries = 10_050;

let db: TestDatabase;
let portal: TestPortal;
const cookies = new Map<string, string>();

beforeAll(async () => {
	db = await createTestDatabase();
	portal = await startPortal(db, {
		add: async ({ app }) => serveAuditRoutes(app, { pool: db.pool, database: db.database }),
	});
	const harbour = await newOrganization('Harbour', []);
	const mountain = await newOrganization('Mountain', ['mountain.example']);
	const customerNo = await createCustomer(db.database, harbour, {
		name: 'Sunrise',
		dealerNo: null,
		email: null,
		mobile: null,
		address: null,
		city: null,
		pinCode: null,
	});
	await newMember(harbour, 'admin', 'admin', null);
	await newMember(harbour, 'operation', 'operation', null);
	await newMember(harbour, 'narrowed', 'admin', [customerNo]);
	await newMember(harbour, 'b2b', 'b2b', [customerNo]);
	await db.pool.query(
		`insert into audit_entry (at, organization_no, user_id, user_email, acting_as, action, subject_kind,
			subject_id, before, after, ip, request_id)
		select timestamptz '2026-01-01Z' + n * interval '1 minute', $1, 'u' || n % 3,
			'person' || n % 3 || '@example.org', 'admin', case n % 2 when 0 then 'device.edit' else 'device.retire' end,
			'device', 'EV-' || n, '{"name": "old"}', '{"name": "new"}', '192.0.2.1', 'request-' || n
		from generate_series(1, $2::integer) n`,
		[harbour, manyEntries],
	);
	await db.pool.query(
		`insert into audit_entry (organization_no, user_id, user_email, acting_as, action, subject_kind,
			subject_id, ip, request_id)
		values ($1, 'x', 'stranger@example.org', 'admin', 'device.add', 'device', 'EV-FOREIGN', '192.0.2.9', 'request-1')`,
		[mountain],
	);
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

function newOrganization(name: string, hosts: string[]): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts,
	});
}

async function newMember(
	organizationNo: number,
	name: string,
	role: Role,
	customerNos: number[] | null,
): Promise<void> {
	const email = `${name}@example.org`;
	await createMember(db.database, {
		organizationNo,
		name,
		email,
		password,
		role,
		dealerNo: null,
		customerNos,
	});
	cookies.set(name, await portal.signIn(email, password));
}

function ask(path: string, who = 'admin'): Promise<Response> {
	return portal.send(`/api/admin/audit${path}`, { cookie: cookies.get(who) ?? '' });
}

async function list(query: string) {
	const answer = await ask(`?${query}`);
	expect(answer.status).toBe(200);
	return auditPageSchema.parse(await answer.json());
}

test('counts stop at 10,000, and the newest is first', async () => {
	const page = await list('subjectKind=device');
	expect(page).toMatchObject({ total: 10_000, totalIsExact: false });
	expect(page.rows).toHaveLength(30);
	expect(page.rows[0]?.subjectId).toBe(`EV-${manyEntries}`);
	const last = await list('subjectKind=device&pageSize=100&page=101');
	expect(last.rows).toHaveLength(50);
});

test.each([
	['q=EV-1005', ['EV-1005', 'EV-10050'], 2],
	['q=ev-1005&action=device.retire', ['EV-1005'], 1],
	['q=request-77', ['EV-77'], 1],
	['q=REQUEST-77', ['EV-77'], 1],
	['q=request-7777777', [], 0],
	['q=%25', [], 0],
	['q=FOREIGN', [], 0],
	['q=stranger', [], 0],
	['person=person1%40example.org&q=EV-10000', ['EV-10000'], 1],
	['person=person2%40example.org&q=EV-10000', [], 0],
	[`fromMs=${Date.UTC(2026, 0, 1, 0, 5)}&toMs=${Date.UTC(2026, 0, 1, 0, 7)}`, ['EV-5', 'EV-6'], 2],
])('finds by %s', async (query, subjects, total) => {
	const page = await list(`${query}&direction=asc`);
	expect(page.rows.map((row) => row.subjectId)).toEqual(subjects);
	expect(page).toMatchObject({ total, totalIsExact: true });
});

test('a text that finds many finds those alone', async () => {
	const of = await list('q=person1&pageSize=100');
	expect(of.total).toBe(manyEntries / 3);
	expect(new Set(of.rows.map((row) => row.userEmail))).toEqual(new Set(['person1@example.org']));
	const all = await list('q=person&sort=person&direction=asc');
	expect(all).toMatchObject({ total: 10_000, totalIsExact: false });
	expect(all.rows[0]?.userEmail).toBe('person0@example.org');
});

test.each([
	// Of person2 (n % 3 = 2), the newest.
	['person', 'EV-10049'],
	// Of device.retire (odd n), the newest.
	['action', 'EV-10049'],
	['subject', 'EV-9999'],
])('orders by %s, the newest first of equal ones', async (sort, first) => {
	expect((await list(`subjectKind=device&sort=${sort}`)).rows[0]?.subjectId).toBe(first);
});

test('filters offer what there is in the organization', async () => {
	const answer = await ask('/filters?person=person');
	expect(await answer.json()).toEqual({
		actions: ['device.edit', 'device.retire', 'session.sign_in'],
		subjectKinds: ['account', 'device'],
		people: ['person0@example.org', 'person1@example.org', 'person2@example.org'],
	});
});

test('one entry with everything, and none of another organization', async () => {
	const { rows } = await list('q=request-77');
	const answer = await ask(`/${rows[0]?.auditNo}`);
	expect(auditEntrySchema.parse(await answer.json())).toMatchObject({
		before: { name: 'old' },
		after: { name: 'new' },
		userId: 'u2',
	});
	const foreign = await db.pool.query(
		`select audit_no from audit_entry where subject_id = 'EV-FOREIGN'`,
	);
	expect((await ask(`/${foreign.rows[0].audit_no}`)).status).toBe(404);
});

test('Operation reads; who sees a part of the organization does not', async () => {
	const one = await list('q=request-77');
	for (const path of ['', '/filters', `/${one.rows[0]?.auditNo}`, '-export']) {
		for (const [who, status] of [
			['operation', 200],
			['narrowed', 403],
			['b2b', 403],
		] as const) {
			const answer = await ask(path, who);
			expect([path, who, answer.status]).toEqual([path, who, status]);
			await answer.arrayBuffer();
		}
	}
});

test('the workbook has what matches, in order', async () => {
	const answer = await ask('-export?q=EV-1005&direction=asc');
	const sheet = unzip(Buffer.from(await answer.arrayBuffer())).get('xl/worksheets/sheet1.xml');
	const cells = cellsOf(sheet ?? '');
	const row = (number: number) =>
		['B', 'D', 'F', 'G', 'H'].map((column) => cells.get(`${column}${number}`)?.value);
	expect(row(2)).toEqual([
		'person0@example.org',
		'Device retired',
		'EV-1005',
		'{"name":"old"}',
		'{"name":"new"}',
	]);
	expect(row(3)[2]).toBe('EV-10050');
	expect(row(4)[2]).toBeUndefined();
});

test('signing in and out is kept, a refused try and a second sign-out are not', async () => {
	const email = 'operation@example.org';
	const kept = async () => (await list(`person=${email}&subjectKind=account`)).rows;
	const before = (await kept()).length;
	const refused = await portal.send('/api/auth/sign-in/email', { body: { email, password: 'no' } });
	expect(refused.status).toBe(401);
	const cookie = await portal.signIn(email, password);
	await portal.send('/api/auth/sign-out', { cookie, body: {} });
	await portal.send('/api/auth/sign-out', { cookie, body: {} });
	const [newest, second, ...others] = await kept();
	expect([newest?.action, second?.action]).toEqual(['session.sign_out', 'session.sign_in']);
	expect(others).toHaveLength(before);
	expect(newest).toMatchObject({ userEmail: email, subjectId: email, ip: '127.0.0.1' });
});

describe('a download that is read slowly breaks off', () => {
	const large = 2_000;
	let port: number;

	/** How many downloads are in the middle of their rows. */
	async function cursors(): Promise<number> {
		const { rows } = await db.pool.query(
			`select from pg_stat_activity
			where datname = current_database() and query like 'fetch % from portions'`,
		);
		return rows.length;
	}

	beforeAll(async () => {
		port = await newOrganization('Port', []);
		await db.pool.query(
			`insert into audit_entry (organization_no, user_id, user_email, acting_as, action, subject_kind,
				subject_id, after, ip, request_id)
			select $1, 'u', 'u@example.org', 'admin', 'device.edit', 'device', 'EV-' || n,
				jsonb_build_object('name', (select string_agg(md5(n || ' ' || i), '') from generate_series(1, 600) i)),
				'192.0.2.1', 'request-' || n
			from generate_series(1, $2::integer) n`,
			[port, large],
		);
	});

	test.each<[string, (name: string) => Promise<unknown>]>([
		[
			'with its session',
			(name) => portal.send('/api/auth/sign-out', { cookie: cookies.get(name) ?? '', body: {} }),
		],
		[
			'when its reader is narrowed',
			async (name) => {
				const { rows } = await db.pool.query<{ user_id: string }>(
					`update membership m set all_customers = false from auth_user u
					where u.id = m.user_id and u.email = $1 returning m.user_id`,
					[`${name}@example.org`],
				);
				portal.access.changed(rows[0]?.user_id ?? '');
			},
		],
	])('%s', async (what, change) => {
		const name = what.replaceAll(/\W/g, '-');
		await newMember(port, name, 'admin', null);
		const answer = await ask('-export', name);
		expect(answer.status).toBe(200);
		const reader = answer.body?.getReader();
		await reader?.read();
		await until(async () => expect(await cursors()).toBe(1));
		await change(name);
		// Nothing is read meanwhile.
		await until(async () => expect(await cursors()).toBe(0));
		const readOn = async () => {
			while (!(await reader?.read())?.done);
		};
		await expect(readOn()).rejects.toThrow('terminated');
	});
});
