import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { serveOutbox } from '#modules/outbox/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { linkIn } from '../../../../tests/harness/mail-server.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { readMailText } from '../../outbox/contract.ts';
import { type UserEdit, userSchema } from '../contract.ts';
import { createMember, serveUsers } from './index.ts';

/** An Admin who reads the mails of the outbox, and what that opens later on. */

const password = 'a sentence works well';
const adminsChoice = 'the admin chose this one';
const harbourHost = 'harbour.example';
const mountainHost = 'mountain.example';
const plain: UserEdit = {
	name: 'Somebody',
	role: 'operation',
	misRole: 'user',
	userAccount: 'Command Centre',
	dealerNo: null,
	customerNos: null,
};

let db: TestDatabase;
let portal: TestPortal;
const cookies: Record<string, string> = {};

beforeAll(async () => {
	db = await createTestDatabase();
	portal = await startPortal(db, {
		add: async ({ app }) => {
			serveUsers(app, {
				pool: db.pool,
				database: db.database,
				sendActivation: (transaction, invitation) =>
					portal.access.sendActivation(transaction, invitation),
				accessChanged: (userId) => portal.access.changed(userId),
			});
			serveOutbox(app, db.database);
		},
	});
	const harbour = await newOrganization('Harbour', harbourHost);
	const mountain = await newOrganization('Mountain', mountainHost);
	await newMember('admin', 'admin', harbour);
	await newMember('super', 'super_admin', harbour);
	await newMember('hill', 'admin', mountain);
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

function newOrganization(name: string, host: string): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts: [host],
	});
}

async function newMember(name: string, role: Role, organizationNo: number): Promise<void> {
	const email = `${name}@example.org`;
	const scope = { dealerNo: null, customerNos: null };
	await createMember(db.database, { organizationNo, name, email, password, role, ...scope });
	cookies[name] = await portal.signIn(email, password);
}

const hostOf = (who: string) => (who === 'hill' ? mountainHost : harbourHost);

function send(who: string, path: string, body: object, method = 'POST'): Promise<Response> {
	return portal.send(path, {
		method,
		cookie: cookies[who] ?? '',
		host: hostOf(who),
		body: { confirm: 'Confirm', ...body },
	});
}

async function addUser(who: string, email: string) {
	const answer = await send(who, '/api/admin/users', { ...plain, email });
	expect(answer.status).toBe(200);
	return userSchema.parse(await answer.json());
}

async function promote(userNo: number): Promise<void> {
	const body = { before: plain, after: { ...plain, role: 'super_admin' } };
	expect((await send('super', `/api/admin/users/${userNo}`, body, 'PUT')).status).toBe(200);
}

/** Reads the newest mail to somebody in the outbox. */
async function readNewest(who: string, email: string): Promise<Response> {
	const { mail_no } = await db.database
		.selectFrom('mail')
		.select('mail_no')
		.where('recipient', '=', email)
		.orderBy('mail_no', 'desc')
		.limit(1)
		.executeTakeFirstOrThrow();
	return send(who, `/api/admin/outbox/${mail_no}/text`, {});
}

async function tokenReadBy(who: string, email: string): Promise<string> {
	const answer = await readNewest(who, email);
	expect(answer.status).toBe(200);
	return new URL(linkIn(readMailText.reply.parse(await answer.json()))).hash.slice(1);
}

const activate = async (token: string) =>
	(await portal.send('/api/account/activate', { body: { token, password: adminsChoice } })).status;

async function statusOfSession(cookie: string): Promise<number> {
	return (await portal.send('/api/session', { cookie, host: harbourHost })).status;
}

test('an account that an Admin activated opens nothing at the next organization', async () => {
	const email = 'shared@example.org';
	await addUser('admin', email);
	expect(await activate(await tokenReadBy('admin', email))).toBe(200);
	const session = await portal.signIn(email, adminsChoice);
	expect(await statusOfSession(session)).toBe(200);
	await addUser('hill', email);
	expect(await statusOfSession(session)).toBe(401);
	await expect(portal.signIn(email, adminsChoice)).rejects.toThrow('401');
	for (const who of ['admin', 'hill'])
		expect([403, 404]).toContain((await readNewest(who, email)).status);
	expect(await activate(await tokenOfMail(email))).toBe(200);
});

test('nor does it become a Super Admin', async () => {
	const email = 'rising@example.org';
	const { userNo } = await addUser('admin', email);
	expect(await activate(await tokenReadBy('admin', email))).toBe(200);
	const session = await portal.signIn(email, adminsChoice);
	await promote(userNo);
	expect(await statusOfSession(session)).toBe(401);
	await expect(portal.signIn(email, adminsChoice)).rejects.toThrow('401');
	expect((await readNewest('admin', email)).status).toBe(403);
});

test('a link that was sent before ends', async () => {
	const email = 'waiting@example.org';
	const { userNo } = await addUser('admin', email);
	const token = await tokenReadBy('admin', email);
	await promote(userNo);
	expect(await activate(token)).toBe(410);
	expect((await readNewest('admin', email)).status).toBe(403);
	expect(await activate(await tokenOfMail(email))).toBe(200);
});

test('a password that nobody else can know stays', async () => {
	const email = 'own@example.org';
	const { userNo } = await addUser('admin', email);
	expect(await activate(await tokenReadBy('admin', email))).toBe(200);
	const cookie = await portal.signIn(email, adminsChoice);
	const changed = await portal.send('/api/account/password', {
		cookie,
		host: harbourHost,
		body: { current: adminsChoice, password, confirm: 'Confirm' },
	});
	expect(changed.status).toBe(200);
	await promote(userNo);
	const session = await portal.signIn(email, password);
	expect(await statusOfSession(session)).toBe(200);
});

async function tokenOfMail(email: string): Promise<string> {
	const { text } = await db.database
		.selectFrom('mail')
		.select('text')
		.where('recipient', '=', email)
		.orderBy('mail_no', 'desc')
		.limit(1)
		.executeTakeFirstOrThrow();
	return new URL(linkIn({ text: text ?? '' })).hash.slice(1);
}
