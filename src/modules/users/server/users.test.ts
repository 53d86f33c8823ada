import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Principal } from '#contract/principal.ts';
import type { Role } from '#contract/roles.ts';
import type { Invitation } from '#modules/access/server/index.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { unzip } from '../../../../tests/harness/workbook.ts';
import { type UserEdit, type UserRow, userPageSchema, userSchema } from '../contract.ts';
import { deleteUser, type UserActionOptions } from './actions.ts';
import { createMember, type NewMember, serveUsers } from './index.ts';
import { insertMembership } from './membership.ts';

const password = 'a sentence works well';
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
let harbour: number;
let mountain: number;
let north: number;
let foreignDealer: number;
const customers: Record<string, number> = {};
const cookies = new Map<string, string>();
const invitations: Invitation[] = [];
const changed: string[] = [];
let options: UserActionOptions;

beforeAll(async () => {
	db = await createTestDatabase();
	options = {
		database: db.database,
		sendActivation: async (transaction, invitation) => {
			expect(transaction.isTransaction).toBe(true);
			invitations.push(invitation);
		},
		accessChanged: (userId) => {
			changed.push(userId);
			portal.access.changed(userId);
		},
	};
	portal = await startPortal(db, {
		add: async ({ app }) => serveUsers(app, { ...options, pool: db.pool }),
	});
	harbour = await newOrganization('Harbour', ['harbour.example']);
	mountain = await newOrganization('Mountain', ['mountain.example']);
	north = await createDealer(db.database, harbour, { name: 'North', city: 'Pune' });
	foreignDealer = await createDealer(db.database, mountain, { name: 'Far', city: null });
	for (const name of ['Asha', 'Bela', 'Cara', 'Dina']) await newCustomer(name, harbour);
	await newCustomer('Foreign', mountain);
	await signedInMember('super', { role: 'super_admin' });
	await signedInMember('admin', { role: 'admin' });
	await signedInMember('operation', { role: 'operation' });
	await signedInMember('narrowed', { role: 'admin', customerNos: [customers.Asha ?? 0] });
	await signedInMember('hill', { role: 'admin', organizationNo: mountain }, 'mountain.example');
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});
beforeEach(() => {
	invitations.length = 0;
	changed.length = 0;
});

function newOrganization(name: string, hosts: readonly string[]): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts,
	});
}

async function newCustomer(name: string, organizationNo: number): Promise<void> {
	customers[name] = await createCustomer(db.database, organizationNo, {
		name,
		dealerNo: null,
		email: null,
		mobile: null,
		address: null,
		city: 'Pune',
		pinCode: null,
	});
}

const hosts: Record<string, string> = { hill: 'mountain.example' };

function newMember(name: string, parts: Partial<NewMember> = {}): Promise<string> {
	return createMember(db.database, {
		organizationNo: harbour,
		name,
		email: `${name}@example.org`,
		password,
		role: 'operation',
		dealerNo: null,
		customerNos: null,
		...parts,
	});
}

async function signedInMember(
	name: string,
	parts: Partial<NewMember> = {},
	host = 'harbour.example',
): Promise<string> {
	const userId = await newMember(name, parts);
	cookies.set(name, await signIn(`${name}@example.org`, host));
	return userId;
}

async function signIn(email: string, host: string): Promise<string> {
	const answer = await portal.send('/api/auth/sign-in/email', { host, body: { email, password } });
	expect(answer.status).toBe(200);
	return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

interface Sent {
	readonly as?: string;
	readonly method?: string;
	readonly body?: object;
}

async function send(path: string, { as = 'admin', ...request }: Sent = {}) {
	const answer = await portal.send(`/api/admin${path}`, {
		cookie: cookies.get(as) ?? '',
		host: hosts[as] ?? 'harbour.example',
		...request,
		...(request.body !== undefined && { body: { confirm: 'Confirm', ...request.body } }),
	});
	const body: unknown = await answer.json();
	const code = z.object({ code: z.string() }).safeParse(body).data?.code ?? null;
	return { status: answer.status, code, body };
}

async function add(email: string, parts: Partial<UserEdit> = {}, as = 'admin'): Promise<UserRow> {
	const answer = await send('/users', { as, body: { ...plain, email, ...parts } });
	expect(answer).toMatchObject({ status: 200 });
	return userSchema.parse(answer.body);
}

async function list(query = '', as = 'admin'): Promise<string[]> {
	const answer = await send(`/users?pageSize=100&${query}`, { as });
	return userPageSchema.parse(answer.body).rows.map(({ email }) => email.split('@')[0] ?? '');
}

async function noOf(name: string): Promise<number> {
	const answer = await send(`/users?q=${name}@example.org`, { as: 'super' });
	return userPageSchema.parse(answer.body).rows[0]?.userNo ?? 0;
}

function edit(user: UserRow, parts: Partial<UserEdit>, as = 'admin') {
	const before = editable(user);
	const body = { before, after: { ...before, ...parts } };
	return send(`/users/${user.userNo}`, { as, method: 'PUT', body });
}

function editable(user: UserRow): UserEdit {
	const { name, role, misRole, userAccount, dealerNo, customers: narrowed } = user;
	const customerNos = narrowed?.map(({ customerNo }) => customerNo) ?? null;
	return { name, role, misRole, userAccount, dealerNo, customerNos };
}

function remove(userNo: number, as = 'admin') {
	return send(`/users/${userNo}`, { as, method: 'DELETE', body: {} });
}

async function session(cookie: string, host = 'harbour.example') {
	const answer = await portal.send('/api/session', { cookie, host });
	const body: unknown = await answer.json();
	return { status: answer.status, body };
}

async function audited(email: string) {
	const { rows } = await db.pool.query(
		`select action, user_email, before, after from audit_entry
			where subject_kind = 'user' and subject_id = $1 order by audit_no`,
		[email],
	);
	return rows;
}

const no = (name: string) => customers[name] ?? 0;

test('adds a user with the invitation in the same transaction, and keeps who did it', async () => {
	const user = await add('New@Example.org', {
		role: 'dealer',
		misRole: 'admin',
		dealerNo: north,
		customerNos: [no('Bela'), no('Asha')],
	});
	expect(user).toMatchObject({
		email: 'new@example.org',
		dealerName: 'North',
		misRole: 'admin',
		customers: [
			{ customerNo: no('Asha'), name: 'Asha' },
			{ customerNo: no('Bela'), name: 'Bela' },
		],
		state: 'invited',
		lastSignInAtMs: null,
		isSelf: false,
	});
	expect(invitations).toEqual([
		{ userId: expect.any(String), organizationNo: harbour, host: 'harbour.example' },
	]);
	expect(changed).toEqual([invitations[0]?.userId]);
	expect(await audited('new@example.org')).toEqual([
		{
			action: 'user.add',
			user_email: 'admin@example.org',
			before: null,
			after: {
				name: 'Somebody',
				role: 'dealer',
				misRole: 'admin',
				userAccount: 'Command Centre',
				dealer: 'North',
				customers: ['Asha', 'Bela'],
			},
		},
	]);
	const { rows } = await db.pool.query(
		`select u."emailVerified" as verified, count(a."id")::integer as passwords
			from auth_user u left join auth_account a on a."userId" = u."id"
			where u."email" = 'new@example.org' group by 1`,
	);
	expect(rows).toEqual([{ verified: false, passwords: 0 }]);
	const again = await send('/users', { body: { ...plain, email: 'NEW@example.org' } });
	expect(again).toMatchObject({
		status: 409,
		code: 'already_in_use',
		body: { fields: [{ path: 'body.email' }] },
	});
});

test('a mail that cannot be sent leaves no user behind', async () => {
	const failing = { ...options, sendActivation: () => Promise.reject(new Error('no mail')) };
	const other = await startPortal(db, {
		add: async ({ app }) => serveUsers(app, { ...failing, pool: db.pool }),
	});
	const cookie = await other.signIn('admin@example.org', password);
	const answer = await other.send('/api/admin/users', {
		cookie,
		host: 'harbour.example',
		body: { ...plain, email: 'unsent@example.org', confirm: 'Confirm' },
	});
	expect(answer.status).toBe(500);
	expect(await list('q=unsent')).toEqual([]);
	const { rows } = await db.pool.query(
		`select from auth_user where "email" = 'unsent@example.org'`,
	);
	expect(rows).toEqual([]);
	await other.close();
});

test('who belongs to another organization is added like a stranger, and nothing tells', async () => {
	await signedInMember(
		'climber',
		{ organizationNo: mountain, name: 'Climber' },
		'mountain.example',
	);
	const comparable = ({
		userNo: _,
		email: __,
		createdAtMs: ___,
		invitedAtMs: ____,
		...row
	}: UserRow) => row;
	const known = await add('climber@example.org');
	const stranger = await add('stranger@example.org');
	expect(comparable(known)).toEqual(comparable(stranger));
	expect(known).toMatchObject({ name: 'Somebody', state: 'invited', lastSignInAtMs: null });
	expect(invitations).toHaveLength(2);
	const sessions = await send(`/users/${known.userNo}/sessions`);
	expect(sessions.body).toEqual({ count: 0 });
	// What this organization does to the user leaves the other one's alone.
	const ended = await send(`/users/${known.userNo}/end-sessions`, { body: {} });
	expect(ended.body).toEqual({ count: 0 });
	const mountainSession = () => session(cookies.get('climber') ?? '', 'mountain.example');
	expect(await mountainSession()).toMatchObject({
		status: 200,
		body: { user: { name: 'Climber' } },
	});
	const here = await signIn('climber@example.org', 'harbour.example');
	expect(await session(here)).toMatchObject({ status: 200, body: { user: { name: 'Somebody' } } });
	const active = await send(`/users/${known.userNo}`);
	expect(active.body).toMatchObject({ state: 'active', lastSignInAtMs: expect.any(Number) });
	expect(await remove(known.userNo)).toMatchObject({ status: 200 });
	expect(await mountainSession()).toMatchObject({ status: 200 });
	expect(await session(here)).toMatchObject({ status: 403, body: { code: 'no_membership' } });
});

test.each<[string, object, string, string]>([
	['a dealer without dealer', { role: 'dealer' }, 'invalid_input', 'body.dealerNo'],
	['a customer who sees all', { role: 'customer' }, 'invalid_input', 'body.customerNos'],
	['B2B without customers', { role: 'b2b', customerNos: [] }, 'invalid_input', 'body.customerNos'],
	['no user account', { userAccount: ' ' }, 'invalid_input', 'body.userAccount'],
	['no e-mail', { email: 'nobody' }, 'invalid_input', 'body.email'],
	['a role that there is not', { role: 'captain' }, 'invalid_input', 'body.role'],
	['no confirmation', { confirm: 'yes' }, 'invalid_input', 'body.confirm'],
	[
		'a number that is none',
		{ customerNos: [3_000_000_000] },
		'invalid_input',
		'body.customerNos.0',
	],
	['a name that cannot be kept', { name: 'a\u0000b' }, 'invalid_input', 'body.name'],
])('refuses %s', async (_, parts, code, path) => {
	const answer = await send('/users', {
		body: { ...plain, email: 'refused@example.org', ...parts },
	});
	expect(answer).toMatchObject({ status: 400, code, body: { fields: [{ path }] } });
	expect(await list('q=refused')).toEqual([]);
});

test('a dealer or customer of another organization is refused like one that is not there', async () => {
	const sentences = new Set<unknown>();
	for (const dealerNo of [foreignDealer, 2_000_000]) {
		const body = { ...plain, email: 'refused@example.org', role: 'dealer', dealerNo };
		const answer = await send('/users', { body });
		expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'body.dealerNo' }] } });
		sentences.add(z.object({ detail: z.string() }).parse(answer.body).detail);
	}
	for (const customerNo of [no('Foreign'), 2_000_000]) {
		const body = {
			...plain,
			email: 'refused@example.org',
			role: 'b2b',
			customerNos: [no('Asha'), customerNo],
		};
		const answer = await send('/users', { body });
		expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'body.customerNos' }] } });
		sentences.add(z.object({ detail: z.string() }).parse(answer.body).detail);
	}
	expect(sentences.size).toBe(2);
});

test('edits everything but the e-mail, and it holds from the next request on', async () => {
	const userId = await signedInMember('edited', { role: 'admin' });
	const cookie = cookies.get('edited') ?? '';
	const before = userSchema.parse((await send(`/users/${await noOf('edited')}`)).body);
	const answer = await edit(before, {
		name: null,
		role: 'dealer',
		misRole: 'admin',
		userAccount: 'Depot',
		dealerNo: north,
		customerNos: [no('Cara'), no('Asha')],
	});
	expect(answer).toMatchObject({
		status: 200,
		body: {
			name: null,
			role: 'dealer',
			misRole: 'admin',
			userAccount: 'Depot',
			dealerNo: north,
			customers: [{ name: 'Asha' }, { name: 'Cara' }],
		},
	});
	expect(changed).toEqual([userId]);
	expect(await session(cookie)).toMatchObject({
		body: { role: 'dealer', misRole: 'admin', user: { name: 'edited@example.org' } },
	});
	expect(await send('/users', { as: 'edited' })).toMatchObject({ status: 403 });
	const principal = await portal.access.identify({ cookie }, 'harbour.example');
	expect(principal?.scope).toEqual({
		organizationNo: harbour,
		dealerNo: north,
		customerNos: [no('Asha'), no('Cara')].sort((a, b) => a - b),
		deviceNos: null,
	});
	expect(await audited('edited@example.org')).toMatchObject([
		{ action: 'user.edit', before: { role: 'admin', customers: 'ALL' }, after: { role: 'dealer' } },
	]);
	const back = await edit(userSchema.parse(answer.body), {
		role: 'admin',
		dealerNo: null,
		customerNos: null,
	});
	expect(back).toMatchObject({ status: 200, body: { dealerName: null, customers: null } });
});

test('the second of two editors is told what the first changed, and nothing is saved', async () => {
	const user = await add('contested@example.org');
	const [first, second] = await Promise.all([
		edit(user, { userAccount: 'Depot', customerNos: [no('Asha')] }),
		edit(user, { userAccount: 'Workshop' }),
	]);
	const [won, lost] = first.status === 200 ? [first, second] : [second, first];
	expect(won.status).toBe(200);
	expect(lost).toMatchObject({ status: 409, code: 'changed_meanwhile' });
	const { detail } = z.object({ detail: z.string() }).parse(lost.body);
	const now = userSchema.parse((await send(`/users/${user.userNo}`)).body);
	expect(detail).toContain(`User Account is now “${now.userAccount}”`);
	if (now.customers !== null) expect(detail).toContain('Customer list is now Asha');
});

test('deletes a user with the account and its sessions; the audit log keeps the e-mail', async () => {
	const userId = await signedInMember('leaving');
	expect(await remove(await noOf('leaving'))).toMatchObject({ status: 200, body: {} });
	expect(changed).toEqual([userId]);
	expect(await session(cookies.get('leaving') ?? '')).toMatchObject({ status: 401 });
	const { rows } = await db.pool.query('select from auth_user where "id" = $1', [userId]);
	expect(rows).toEqual([]);
	expect(await audited('leaving@example.org')).toMatchObject([
		{ action: 'user.delete', user_email: 'admin@example.org', after: null },
	]);
	// Whoever comes back begins anew.
	const again = await add('leaving@example.org');
	expect(again).toMatchObject({ state: 'invited', lastSignInAtMs: null });
});

test('sends the activation again to who has not come in, and to nobody else', async () => {
	const user = await add('late@example.org');
	await db.pool.query(
		`update membership set invited_at = now() - interval '7 days 1 second' where membership_no = $1`,
		[user.userNo],
	);
	expect((await send(`/users/${user.userNo}`)).body).toMatchObject({ state: 'expired' });
	expect(await list('state=expired')).toEqual(['late']);
	const sent = await send(`/users/${user.userNo}/activation`, { body: {} });
	expect(sent).toMatchObject({ status: 200, body: { state: 'invited' } });
	expect(invitations).toHaveLength(2);
	const active = await send(`/users/${await noOf('operation')}/activation`, { body: {} });
	expect(active).toMatchObject({ status: 409, code: 'already_active' });
	expect(invitations).toHaveLength(2);
});

test('ends all sessions of a user', async () => {
	const userId = await signedInMember('roaming');
	const other = await signIn('roaming@example.org', 'harbour.example');
	const userNo = await noOf('roaming');
	expect((await send(`/users/${userNo}/sessions`)).body).toEqual({ count: 2 });
	const ended = await send(`/users/${userNo}/end-sessions`, { body: {} });
	expect(ended).toMatchObject({ status: 200, body: { count: 2 } });
	for (const cookie of [other, cookies.get('roaming') ?? ''])
		expect(await session(cookie)).toMatchObject({ status: 401 });
	expect(changed).toEqual([userId]);
	expect((await send(`/users/${userNo}/sessions`)).body).toEqual({ count: 0 });
});

async function setSecondFactor(userId: string): Promise<void> {
	await db.pool.query(
		`insert into second_factor (user_id, secret, confirmed_at) values ($1, '\\x00', now())`,
		[userId],
	);
}

const shown = async (userNo: number, as = 'admin') =>
	userSchema.parse((await send(`/users/${userNo}`, { as })).body);
const resetFactor = (userNo: number, as = 'admin') =>
	send(`/users/${userNo}/second-factor-reset`, { as, body: {} });

test('resets the second factor of somebody who lost it', async () => {
	const userId = await signedInMember('phoneless');
	const userNo = await noOf('phoneless');
	expect(await resetFactor(userNo)).toMatchObject({ status: 409, code: 'second_factor_not_set' });
	await setSecondFactor(userId);
	expect(await shown(userNo)).toMatchObject({ hasSecondFactor: true, isOutOfReach: false });
	expect(changed).toEqual([]);
	expect(await resetFactor(userNo)).toMatchObject({
		status: 200,
		body: { hasSecondFactor: false },
	});
	expect(changed).toEqual([userId]);
	await signIn('phoneless@example.org', 'harbour.example');
	expect(await audited('phoneless@example.org')).toMatchObject([
		{ action: 'user.reset_second_factor', user_email: 'admin@example.org' },
	]);
	const own = await shown(await noOf('admin'));
	expect(await resetFactor(own.userNo)).toMatchObject({ status: 409, code: 'own_rights' });
});

test.each([
	['a member of another organization', 'operation'],
	['a Super Admin of another organization', 'super_admin'],
] as const)('an Admin neither opens nor ends what %s has there', async (_, role) => {
	const name = `beyond-${role.replace('_', '-')}`;
	const userId = await signedInMember(name, { organizationNo: mountain, role }, 'mountain.example');
	const cookie = cookies.get(name) ?? '';
	await setSecondFactor(userId);
	const { userNo } = await add(`${name}@example.org`);
	// Before the user came in here, nothing tells of the other organization.
	expect(await shown(userNo)).toMatchObject({ hasSecondFactor: false, isOutOfReach: false });
	expect(await resetFactor(userNo)).toMatchObject({ status: 409, code: 'second_factor_not_set' });
	await db.pool.query(
		`insert into audit_entry (organization_no, user_id, user_email, acting_as, action, subject_kind, subject_id, ip, request_id)
			values ($1, $2, 'x', 'operation', 'session.sign_in', 'account', 'x', '127.0.0.1', 'x')`,
		[harbour, userId],
	);
	expect(await shown(userNo)).toMatchObject({ hasSecondFactor: true, isOutOfReach: true });
	expect((await send(`/users/${userNo}/sessions`)).body).toEqual({ count: null });
	for (const answer of [
		await resetFactor(userNo),
		await send(`/users/${userNo}/end-sessions`, { body: {} }),
	])
		expect(answer).toMatchObject({ status: 403, code: 'account_reaches_further' });
	expect(await session(cookie, 'mountain.example')).toMatchObject({ status: 200 });
	expect(await shown(userNo, 'super')).toMatchObject({ isOutOfReach: false });
	expect(await resetFactor(userNo, 'super')).toMatchObject({ status: 200 });
	const ended = await send(`/users/${userNo}/end-sessions`, { as: 'super', body: {} });
	expect(ended).toMatchObject({ status: 200, body: { count: 1 } });
});

test('only a Super Admin touches a Super Admin; nobody touches their own rights', async () => {
	const superNo = await noOf('super');
	const boss = userSchema.parse((await send(`/users/${superNo}`)).body);
	const answers = [
		await send('/users', { body: { ...plain, email: 'boss@example.org', role: 'super_admin' } }),
		await edit(boss, { name: 'Renamed' }),
		await remove(superNo),
		await send(`/users/${superNo}/end-sessions`, { body: {} }),
		await send(`/users/${superNo}/activation`, { body: {} }),
		await send(`/users/${superNo}/second-factor-reset`, { body: {} }),
	];
	for (const answer of answers)
		expect(answer).toMatchObject({ status: 403, code: 'super_admin_only' });
	const self = userSchema.parse((await send(`/users/${await noOf('admin')}`)).body);
	expect(self.isSelf).toBe(true);
	for (const answer of [
		await edit(self, { role: 'operation' }),
		await edit(self, { role: 'super_admin' }),
		await edit(self, { customerNos: [no('Asha')] }),
		await remove(self.userNo),
	])
		expect(['own_rights', 'super_admin_only']).toContain(answer.code);
	expect(await edit(self, { misRole: 'admin', name: 'Me' })).toMatchObject({ status: 200 });
});

test('lists by search, filters and order, within the organization alone', async () => {
	await add('zoe.find@example.org', { name: 'Käthe', role: 'b2b', customerNos: [no('Dina')] });
	await add('anna.find@example.org', { name: 'Zora', role: 'dealer', dealerNo: north });
	expect(await list('q=FIND')).toEqual(['anna.find', 'zoe.find']);
	expect(await list('q=käthe')).toEqual(['zoe.find']);
	expect(await list('q=find&sort=name&direction=desc')).toEqual(['anna.find', 'zoe.find']);
	expect(await list('q=find&sort=created&direction=desc')).toEqual(['anna.find', 'zoe.find']);
	expect(await list('q=find&role=b2b')).toEqual(['zoe.find']);
	expect(await list(`q=find&dealer=${north}`)).toEqual(['anna.find']);
	expect(await list(`customer=${no('Dina')}`)).toEqual(['zoe.find']);
	expect(await list('q=find&state=invited')).toHaveLength(2);
	expect(await list('q=find&state=active')).toEqual([]);
	expect(await list('q=%25')).toEqual([]);
	expect(await list('q=hill')).toEqual([]);
	expect(await list(`customer=${no('Foreign')}`)).toEqual([]);
	expect(await list('', 'hill')).toContain('hill');
	const page = userPageSchema.parse((await send('/users?q=find&pageSize=1&page=2')).body);
	expect(page).toMatchObject({ total: 2, totalIsExact: true, rows: [{ name: 'Käthe' }] });
});

test('what another organization has is not there', async () => {
	const hillNo = Number(
		(
			await db.pool.query(
				`select membership_no from membership where organization_no = $1 and role = 'admin'`,
				[mountain],
			)
		).rows[0].membership_no,
	);
	const hill: UserRow = {
		...userSchema.parse((await send(`/users/${await noOf('operation')}`)).body),
		userNo: hillNo,
	};
	const asked = [
		await send(`/users/${hillNo}`),
		await send(`/users/${hillNo}/sessions`),
		await edit(hill, { name: 'Mine' }),
		await remove(hillNo, 'super'),
		await send(`/users/${hillNo}/activation`, { body: {} }),
		await send(`/users/${hillNo}/end-sessions`, { body: {} }),
		await send('/users/2000000'),
		await send('/users/garbage'),
	];
	for (const answer of asked) expect(answer).toMatchObject({ status: 404, code: 'not_found' });
	expect(await session(cookies.get('hill') ?? '', 'mountain.example')).toMatchObject({
		status: 200,
	});
});

test('Operation reads and changes nothing; a narrowed administrator does neither', async () => {
	const userNo = await noOf('operation');
	const user = userSchema.parse((await send(`/users/${userNo}`, { as: 'operation' })).body);
	const changes = (as: string) => [
		send('/users', { as, body: { ...plain, email: 'x@example.org' } }),
		edit(user, { name: 'X' }, as),
		remove(userNo, as),
		send(`/users/${userNo}/activation`, { as, body: {} }),
		send(`/users/${userNo}/end-sessions`, { as, body: {} }),
		send(`/users/${userNo}/second-factor-reset`, { as, body: {} }),
	];
	const reads = ['/users', `/users/${userNo}`, `/users/${userNo}/sessions`];
	for (const path of reads) {
		expect(await send(path, { as: 'operation' })).toMatchObject({ status: 200 });
		expect(await send(path, { as: 'narrowed' })).toMatchObject({
			status: 403,
			code: 'not_permitted',
		});
	}
	for (const as of ['operation', 'narrowed'])
		for (const answer of await Promise.all(changes(as)))
			expect([as, answer.status, answer.code]).toEqual([as, 403, 'not_permitted']);
});

test('the workbook holds the rows that match', async () => {
	await add('sum@example.org', { name: '=1+1', role: 'b2b', customerNos: [no('Asha')] });
	const answer = await portal.send('/api/admin/user-export?q=%3D1', {
		cookie: cookies.get('operation') ?? '',
		host: 'harbour.example',
	});
	expect(answer.status).toBe(200);
	expect(answer.headers.get('x-rows')).toBe('1');
	const files = await unzip(Buffer.from(await answer.arrayBuffer()));
	const sheet = [...files].find(([name]) => name.includes('sheet1'))?.[1].toString() ?? '';
	for (const text of ['sum@example.org', '=1+1', 'B2B', 'Asha', 'Invited'])
		expect(sheet).toContain(text);
});

/** Somebody who may act without belonging to the organization. */
async function visitor(): Promise<Principal> {
	const userId = await newMember(`visitor${Math.random()}`, {
		organizationNo: mountain,
		role: 'super_admin',
	});
	return {
		userId,
		credential: { kind: 'session', sessionId: 's' },
		email: 'visitor@example.org',
		name: 'Visitor',
		role: 'super_admin',
		misRole: 'user',
		scope: { organizationNo: island, dealerNo: null, customerNos: null, deviceNos: null },
		organization: { name: 'Island', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
	};
}

let island: number;
const origin = { ip: '127.0.0.1', userAgent: null, requestId: 'r' };

/** An active administrator who never signs in, so that nobody has to wait for the hash of a password. */
async function newKeeper(email: string): Promise<void> {
	const membership = { ...plain, organizationNo: island, email, role: 'admin' as const };
	await db.database.transaction().execute(async (transaction) => {
		const { userNo } = await insertMembership(transaction, membership, null);
		await sql`update membership set invited_at = null where membership_no = ${userNo}`.execute(
			transaction,
		);
	});
}

async function keeperNos(): Promise<number[]> {
	const { rows } = await sql<{ no: number }>`
		select membership_no as no from membership where organization_no = ${island}`.execute(
		db.database,
	);
	return rows.map((row) => row.no);
}

test('the last administrator stays, however many requests come at once', async () => {
	const principal = await visitor();
	for (let round = 0; round < 2; round += 1) {
		island = await newOrganization(`Island ${round}`, []);
		const inIsland = { ...principal, scope: { ...principal.scope, organizationNo: island } };
		for (const place of [0, 1, 2]) await newKeeper(`keeper${round}${place}@example.org`);
		const userNos = await keeperNos();
		const outcomes = await Promise.allSettled(
			userNos.map((userNo) => deleteUser(options, { principal: inIsland, origin }, userNo)),
		);
		expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
		expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
			reason: { code: 'last_admin' },
		});
		expect(await keeperNos()).toHaveLength(1);
	}
});

test('two administrators who delete each other at once: one of them stays', async () => {
	for (let round = 0; round < 2; round += 1) {
		const pair = [`left${round}`, `right${round}`];
		for (const name of pair) await signedInMember(name, { role: 'admin' });
		const [left = 0, right = 0] = await Promise.all(pair.map(noOf));
		const answers = await Promise.all([
			remove(right, `left${round}`),
			remove(left, `right${round}`),
		]);
		const outcomes = answers.map(({ status }) => status).sort();
		expect(outcomes[0]).toBe(200);
		expect([401, 403]).toContain(outcomes[1]);
		expect(await list(`q=${round}@&role=admin`)).toHaveLength(1);
		const [stayed] = answers[0].status === 200 ? [left] : [right];
		await remove(stayed ?? 0);
	}
});

test('roles that anybody may be given are given', async () => {
	const demands: Partial<Record<Role, Partial<UserEdit>>> = {
		b2b: { customerNos: [no('Asha')] },
		customer: { customerNos: [no('Asha')] },
		dealer: { dealerNo: north },
	};
	for (const role of ['super_admin', 'admin', 'operation', 'b2b', 'dealer', 'customer'] as const)
		expect(await add(`as-${role}@example.org`, { role, ...demands[role] }, 'super')).toMatchObject({
			role,
		});
});
