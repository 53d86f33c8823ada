import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { createCustomer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { queueMail } from '#platform/mail/queue.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { mailRowSchema, outboxPageSchema } from '../contract.ts';
import { serveOutbox } from './index.ts';

const password = 'correct horse battery staple';
let db: TestDatabase;
let portal: TestPortal;
let harbour: number;
let mountain: number;
const cookies: Record<string, string> = {};
const userIds: Record<string, string> = {};

beforeAll(async () => {
	db = await createTestDatabase();
	const organization = (name: string, host: string) =>
		createOrganization(db.database, {
			name,
			timeZone: 'UTC',
			country: 'IN',
			locale: 'en-IN',
			isDemo: false,
			hosts: [host],
		});
	harbour = await organization('Harbour', 'harbour.example');
	mountain = await organization('Mountain', 'mountain.example');
	portal = await startPortal(db, { add: async ({ app }) => serveOutbox(app, db.database) });
	const customerNo = await createCustomer(db.database, harbour, {
		name: 'Lotus',
		dealerNo: null,
		email: null,
		mobile: null,
		address: null,
		city: null,
		pinCode: null,
	});
	await member('owner', 'super_admin', harbour);
	await member('admin', 'admin', harbour);
	await member('narrowed', 'admin', harbour, [customerNo]);
	await member('reader', 'operation', harbour);
	await member('both', 'operation', harbour);
	await member('both', 'operation', mountain);
	await member('foreign', 'admin', mountain);
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

async function member(
	name: string,
	role: Role,
	organizationNo: number,
	customerNos: number[] | null = null,
): Promise<void> {
	const email = `${name}@example.com`;
	userIds[name] = await createMember(db.database, {
		organizationNo,
		name,
		email,
		password,
		role,
		dealerNo: null,
		customerNos,
	});
	cookies[name] ??= await portal.signIn(email, password);
}

/** Puts a mail into the outbox of Harbour, in a state. */
async function mail(
	to: string,
	state = 'kept',
	{ organizationNo = harbour, validSeconds = 3600 } = {},
): Promise<number> {
	const mailNo = await queueMail(db.database, {
		organizationNo,
		userId: userIds[to] ?? null,
		senderName: 'Harbour',
		recipient: `${to}@example.com`,
		content: { subject: `For ${to}`, text: `https://x.example/#${randomUUID()}`, html: '<p>' },
		validSeconds,
	});
	await db.pool.query('update mail set state = $2 where mail_no = $1', [mailNo, state]);
	return mailNo;
}

const hostOf = (who: string) => (who === 'foreign' ? 'mountain.example' : 'harbour.example');
const send = (who: string, path: string, body?: unknown) =>
	portal.send(`/api/admin/outbox${path}`, {
		cookie: cookies[who] ?? '',
		host: hostOf(who),
		...(body !== undefined && { body }),
	});
const list = async (who: string, query = '') =>
	outboxPageSchema.parse(await (await send(who, query)).json());
const statusOf = async (answer: Promise<Response>) => (await answer).status;
const confirm = { confirm: 'confirm ' };

test('Admins see what their organization sends, and nobody else does', async () => {
	const mailNo = await mail('reader');
	const { rows } = await list('admin', '?q=READER');
	expect(rows).toMatchObject([
		{
			mailNo,
			recipient: 'reader@example.com',
			subject: 'For reader',
			state: 'kept',
			mayReadText: true,
		},
	]);
	expect(JSON.stringify(rows)).not.toContain('https://');
	expect((await list('foreign')).rows).toEqual([]);
	for (const path of ['', `/${mailNo}`]) {
		expect(await statusOf(send('reader', path))).toBe(403);
		expect(await statusOf(send('narrowed', path))).toBe(403);
		expect(await statusOf(portal.send(`/api/admin/outbox${path}`))).toBe(401);
	}
	expect(await statusOf(send('foreign', `/${mailNo}`))).toBe(404);
	expect(await statusOf(send('foreign', `/${mailNo}/text`, {}))).toBe(404);
	expect(await statusOf(send('foreign', `/${mailNo}/send-again`, confirm))).toBe(404);
	expect(await statusOf(send('narrowed', `/${mailNo}/text`, {}))).toBe(403);
	expect(await statusOf(send('narrowed', `/${mailNo}/send-again`, confirm))).toBe(403);
});

test('an Admin reads no link into an account that reaches further; a Super Admin does', async () => {
	for (const [to, byAdmin] of [
		['reader', 200],
		['both', 403],
		['owner', 403],
	] as const) {
		const mailNo = await mail(to);
		expect([to, await statusOf(send('admin', `/${mailNo}/text`, {}))]).toEqual([to, byAdmin]);
		const shown = mailRowSchema.parse(await (await send('admin', `/${mailNo}`)).json());
		expect(shown.mayReadText).toBe(byAdmin === 200);
		expect(await statusOf(send('owner', `/${mailNo}/text`, {}))).toBe(200);
	}
});

test('once its text is gone, nothing of a mail tells an Admin whose account reaches further', async () => {
	const told = async (to: string) => {
		const mailNo = await mail(to, 'sent');
		await db.pool.query('update mail set text = null, html = null where mail_no = $1', [mailNo]);
		const shown = await (await send('admin', `/${mailNo}`)).json();
		const { mayReadText, textUntilMs } = mailRowSchema.parse(shown);
		return {
			mayReadText,
			textUntilMs,
			status: await statusOf(send('admin', `/${mailNo}/text`, {})),
		};
	};
	for (const to of ['reader', 'both', 'owner'])
		expect([to, await told(to)]).toEqual([
			to,
			{ mayReadText: false, textUntilMs: null, status: 404 },
		]);
});

test('that a text was read is audited, and its link is not', async () => {
	const mailNo = await mail('reader');
	const answer = await send('admin', `/${mailNo}/text`, {});
	const { text } = await answer.json();
	expect(text).toMatch(/^https:\/\/x\.example\/#/);
	const { rows } = await db.pool.query(
		`select user_email, action, before, after from audit_entry
		where subject_kind = 'mail' and subject_id = $1`,
		[String(mailNo)],
	);
	expect(rows).toEqual([
		{
			user_email: 'admin@example.com',
			action: 'mail.read',
			before: null,
			after: { recipient: 'reader@example.com', subject: 'For reader' },
		},
	]);
	expect(portal.logged()).not.toContain(text);
});

test('what is past can be neither read nor sent', async () => {
	const mailNo = await mail('reader', 'kept', { validSeconds: -1 });
	const shown = mailRowSchema.parse(await (await send('admin', `/${mailNo}`)).json());
	expect(shown.textUntilMs).toBeNull();
	expect(await statusOf(send('admin', `/${mailNo}/text`, {}))).toBe(404);
	expect(await statusOf(send('admin', `/${mailNo}/send-again`, confirm))).toBe(409);
});

test('a mail is sent again once, confirmed and audited', async () => {
	const mailNo = await mail('reader', 'failed');
	expect(await statusOf(send('admin', `/${mailNo}/send-again`, { confirm: 'yes' }))).toBe(400);
	const statuses = await Promise.all(
		[1, 2, 3].map(() => statusOf(send('admin', `/${mailNo}/send-again`, confirm))),
	);
	expect(statuses.sort()).toEqual([200, 409, 409]);
	const { rows } = await db.pool.query(
		`select before, after from audit_entry where action = 'mail.send_again' and subject_id = $1`,
		[String(mailNo)],
	);
	expect(rows).toMatchObject([{ before: { state: 'failed' }, after: { state: 'queued' } }]);
	const sent = await mail('reader', 'sent');
	expect(await statusOf(send('admin', `/${sent}/send-again`, confirm))).toBe(409);
});

test('pages, order, filter and search hold together', async () => {
	await db.pool.query('delete from mail');
	for (const to of ['b', 'a', 'c_%']) await mail(to, to === 'a' ? 'failed' : 'kept');
	const recipients = async (query: string) =>
		(await list('admin', query)).rows.map(({ recipient }) => recipient[0]);
	expect(await recipients('')).toEqual(['c', 'a', 'b']);
	expect(await recipients('?sort=recipient&direction=asc')).toEqual(['a', 'b', 'c']);
	expect(await recipients('?state=failed')).toEqual(['a']);
	expect(await recipients('?q=_%25')).toEqual(['c']);
	expect(await recipients('?pageSize=2&page=2')).toEqual(['b']);
	expect(await list('admin', '?pageSize=1')).toMatchObject({ total: 3, totalIsExact: true });
});
