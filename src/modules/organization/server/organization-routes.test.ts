import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createCustomer } from '#modules/customers/server/index.ts';
import { createMember, inviteAdmin } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { maxLogoBytes } from '../contract.ts';
import { createOrganization, serveOrganizationRoutes } from './index.ts';

const password = 'correct horse battery staple';
const place = { timeZone: 'UTC', country: 'IN', locale: 'en-IN', isDemo: false };

let db: TestDatabase;
let portal: TestPortal;
let harbour: number;
let mountain: number;
let cookies: Record<'owner' | 'admin' | 'narrowed' | 'operation' | 'mountain', string>;
let heard: string[] = [];
let isMailBroken = false;

beforeAll(async () => {
	db = await createTestDatabase();
	portal = await startPortal(db, {
		onAccessChanged: (userId) => heard.push(userId),
		add: async ({ app }) =>
			serveOrganizationRoutes(app, {
				...db,
				inviteAdmin: (transaction, admin) =>
					inviteAdmin(
						transaction,
						async (...invitation) => {
							await portal.access.sendActivation(...invitation);
							if (isMailBroken) throw new Error('no mail');
						},
						admin,
					),
				changed: (userId) => portal.access.changed(userId),
			}),
	});
	harbour = await createOrganization(db.database, { ...place, name: 'Harbour', hosts: [] });
	mountain = await createOrganization(db.database, {
		...place,
		name: 'Mountain',
		hosts: ['mountain.example'],
	});
	const customerNo = await createCustomer(db.database, harbour, {
		name: 'Ropes',
		email: null,
		mobile: null,
		address: null,
		pinCode: null,
		city: null,
		dealerNo: null,
	});
	const member = async (
		email: string,
		organizationNo: number,
		role: 'super_admin' | 'admin' | 'operation',
		customerNos: number[] | null = null,
	) => {
		const account = { name: email, email: `${email}@example.com`, password };
		await createMember(db.database, {
			...account,
			organizationNo,
			role,
			dealerNo: null,
			customerNos,
		});
		return portal.signIn(account.email, password);
	};
	cookies = {
		owner: await member('owner', harbour, 'super_admin'),
		admin: await member('admin', harbour, 'admin'),
		narrowed: await member('narrowed', harbour, 'admin', [customerNo]),
		operation: await member('operation', harbour, 'operation'),
		mountain: await member('mountain', mountain, 'admin'),
	};
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});
beforeEach(async () => {
	heard = [];
	await db.pool.query('delete from entered_organization');
	portal.access.changed('nobody');
	heard = [];
});

type Json = Record<string, unknown>;
type Who = keyof typeof cookies;

async function ask(
	who: Who | null,
	path: string,
	body?: Json,
	asked: { method?: string; host?: string } = {},
): Promise<{ status: number; body: Json }> {
	const answer = await portal.send(path, {
		...asked,
		...(who !== null && { cookie: cookies[who] }),
		...(body !== undefined && { body }),
	});
	return { status: answer.status, body: (await answer.json()) as Json };
}

async function settings(who: Who = 'admin'): Promise<Json> {
	const { hosts: _, ...current } = (await ask(who, '/api/admin/organization')).body;
	return current;
}

function change(who: Who, before: Json, part: Json, newLogo: string | null = null) {
	const body = { before, after: { ...before, ...part }, newLogo, confirm: 'confirm' };
	return ask(who, '/api/admin/organization', body, { method: 'PUT' });
}

async function entries(organizationNo: number, action: string): Promise<Json[]> {
	const { rows } = await db.pool.query(
		'select * from audit_entry where organization_no = $1 and action = $2 order by audit_no',
		[organizationNo, action],
	);
	return rows;
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>';
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('an Admin changes everything about the organization, and it is kept who did', async () => {
	const before = await settings();
	const part = {
		name: 'Harbour Fleet',
		colour: '#FFD400',
		timeZone: 'Asia/Kolkata',
		currency: 'INR',
		supportName: ' Help desk ',
		supportEmail: 'help@example.com',
		supportPhone: '',
		modules: ['notifications', 'leases', 'leases'],
	};
	const changed = await change('admin', before, part);
	expect(changed).toMatchObject({
		status: 200,
		body: {
			...part,
			colour: '#ffd400',
			supportName: 'Help desk',
			supportPhone: null,
			modules: ['leases', 'notifications'],
		},
	});
	const session = await ask('operation', '/api/session');
	expect(session.body.organization).toMatchObject({
		name: 'Harbour Fleet',
		colour: '#ffd400',
		currency: 'INR',
		timeZone: 'Asia/Kolkata',
		modules: ['leases', 'notifications'],
		support: { name: 'Help desk', email: 'help@example.com', phone: null },
	});
	expect((await ask(null, '/api/portal')).body).toMatchObject({
		name: 'Harbour Fleet',
		colour: '#ffd400',
		support: { name: 'Help desk' },
	});
	const [entry] = await entries(harbour, 'organization.edit');
	expect(entry).toMatchObject({
		user_email: 'admin@example.com',
		before: { name: 'Harbour', colour: null },
		after: { name: 'Harbour Fleet', colour: '#ffd400' },
	});
	expect((await ask('mountain', '/api/session')).body.organization).toMatchObject({
		name: 'Mountain',
		colour: null,
	});
});

test('the second editor hears what the first has changed, and nothing is saved', async () => {
	const before = await settings();
	expect((await change('admin', before, { supportPhone: '+91 1' })).status).toBe(200);
	const second = await change('owner', before, { name: 'Another' });
	expect(second).toMatchObject({ status: 409, body: { code: 'changed_meanwhile' } });
	expect(second.body.detail).toContain('the support contact’s phone is now “+91 1”');
	expect((await settings()).name).toBe(before.name);
});

test('many editors at once: one of them is saved', async () => {
	const before = await settings();
	const answers = await Promise.all(
		Array.from({ length: 8 }, (_, place) => change('admin', before, { name: `Harbour ${place}` })),
	);
	expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
	expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
});

test('who reads, and who changes', async () => {
	expect((await ask('operation', '/api/admin/organization')).status).toBe(200);
	const before = await settings();
	for (const who of ['operation', 'narrowed'] as const)
		expect(await change(who, before, { name: 'Mine' })).toMatchObject({
			status: 403,
			body: { code: 'not_permitted' },
		});
	expect((await ask('narrowed', '/api/admin/organization')).status).toBe(403);
});

test.each([
	[{ colour: 'teal' }, 'after.colour'],
	[{ colour: '#12345' }, 'after.colour'],
	[{ timeZone: 'Mars/Olympus' }, 'after.timeZone'],
	[{ locale: 'not a tag' }, 'after.locale'],
	[{ currency: 'XXQ' }, 'after.currency'],
	[{ supportEmail: 'nobody' }, 'after.supportEmail'],
	[{ name: '  ' }, 'after.name'],
	[{ modules: ['everything'] }, 'after.modules.0'],
])('refuses %j', async (part, path) => {
	const refused = await change('admin', await settings(), part);
	expect(refused.status).toBe(400);
	expect(refused.body.fields).toMatchObject([{ path: `body.${path}` }]);
});

test('a logo is stored, served as an image and nothing else, and removed', async () => {
	const stored = await change('admin', await settings(), {}, base64(svg));
	expect(stored).toMatchObject({ status: 200, body: { logo: expect.stringMatching(/^\w{64}$/) } });
	const { logo } = (await ask(null, '/api/portal')).body;
	const answer = await portal.send(String(logo));
	expect(await answer.text()).toBe(svg);
	expect(answer.headers.get('content-type')).toContain('image/svg+xml');
	expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
	expect(answer.headers.get('content-security-policy')).toContain('sandbox');
	expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
	expect(answer.headers.get('cache-control')).toContain('immutable');
	expect(await (await portal.send('/brand/icon')).text()).toBe(svg);
	const mark = await portal.send('/brand/icon', { host: 'mountain.example' });
	expect(await mark.text()).toContain('>M</text>');

	expect((await settings('mountain')).logo).toBeNull();
	const theirs = svg.replace('9', '8');
	const { body } = await change('mountain', await settings('mountain'), {}, base64(theirs));
	const mountainIcon = async () =>
		(await portal.send('/brand/icon', { host: 'mountain.example' })).text();
	expect(await mountainIcon()).toBe(theirs);
	expect((await settings()).logo).toBe(stored.body.logo);

	const before = await settings();
	const foreign = await change('admin', before, { logo: body.logo });
	expect(foreign).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
	expect((await change('admin', before, { logo: null })).status).toBe(200);
	expect((await portal.send(String(logo))).status).toBe(404);
	expect((await portal.send('/brand/logo/..%2f..')).status).toBe(404);
	expect(await mountainIcon()).toBe(theirs);
});

test('a logo that is none, or too large, is refused and says why', async () => {
	const before = await settings();
	const none = await change('admin', before, {}, base64('<script>alert(1)</script>'));
	expect(none).toMatchObject({ status: 400, body: { fields: [{ path: 'body.logo' }] } });
	const large = await change('admin', before, {}, base64('x'.repeat(maxLogoBytes + 1)));
	expect(large.status).toBe(400);
	expect(large.body.detail).toContain('512 kB');
});

const organizations = '/api/admin/organizations';
const added = {
	name: 'Delta',
	hosts: ['delta.example'],
	timeZone: 'UTC',
	country: 'DE',
	adminEmail: ' Dana@Example.org ',
	adminName: 'Dana',
};

test('a Super Admin adds, edits and deletes organizations; nobody else knows of them', async () => {
	const made = await ask('owner', organizations, { ...added, confirm: 'Confirm' });
	expect(made).toMatchObject({
		status: 200,
		body: { ...{ name: 'Delta', devices: 0, users: 1 }, isHere: false, isHome: false },
	});
	const path = `${organizations}/${made.body.organizationNo}`;
	for (const who of ['admin', 'operation', 'mountain'] as const)
		for (const [address, body] of [
			[organizations, undefined],
			[path, undefined],
			[`${path}/enter`, {}],
		] as const)
			expect((await ask(who, address, body)).status).toBe(403);

	const before = { name: 'Delta', hosts: ['delta.example'] };
	const taken = await ask(
		'owner',
		path,
		{ before, after: { ...before, hosts: ['MOUNTAIN.example'] }, confirm: 'Confirm' },
		{ method: 'PUT' },
	);
	expect(taken).toMatchObject({
		status: 409,
		body: {
			code: 'already_in_use',
			fields: [{ path: 'body.hosts', message: 'mountain.example leads to Mountain already.' }],
		},
	});
	const after = { name: 'Delta Fleet', hosts: ['a.example', 'delta.example'] };
	const body = { before, after, confirm: 'Confirm' };
	expect((await ask('owner', path, body, { method: 'PUT' })).body).toMatchObject(after);
	const late = await ask('owner', path, body, { method: 'PUT' });
	expect(late.body.detail).toContain('the list of hosts is now a.example, delta.example');

	const found = await ask('owner', `${organizations}?q=a.exam`);
	expect(found.body).toMatchObject({ total: 1, rows: [{ name: 'Delta Fleet' }] });

	const remove = (confirm: string) => ask('owner', path, { confirm }, { method: 'DELETE' });
	expect(await remove('Confirm')).toMatchObject({ status: 400 });
	expect(await remove(' delta fleet ')).toMatchObject({ status: 200 });
	expect(await remove('Delta Fleet')).toMatchObject({ status: 404 });
	expect(await entries(harbour, 'organization.remove')).toHaveLength(1);
});

test('the first Admin of a new organization is invited at its host, or nothing is added', async () => {
	const sentTo = async () =>
		(await db.pool.query(`select * from v_mail where recipient = 'first@example.org'`)).rows;
	const wanted = {
		...added,
		name: 'Estuary',
		hosts: ['estuary.example'],
		adminEmail: 'first@example.org',
		confirm: 'Confirm',
	};
	isMailBroken = true;
	expect((await ask('owner', organizations, wanted)).status).toBe(500);
	isMailBroken = false;
	expect((await ask('owner', `${organizations}?q=estuary`)).body.total).toBe(0);
	expect(await sentTo()).toEqual([]);

	for (const adminEmail of ['', 'nobody', 'a@b@c.example'])
		expect(await ask('owner', organizations, { ...wanted, adminEmail })).toMatchObject({
			status: 400,
			body: { fields: [{ path: 'body.adminEmail' }] },
		});
	const made = await ask('owner', organizations, wanted);
	expect(made.status).toBe(200);
	const organizationNo = Number(made.body.organizationNo);
	const { rows } = await db.pool.query(
		`select m.name, role, all_customers, invited_at is not null as "isInvited"
		from membership m join auth_user u on u.id = m.user_id
		where m.organization_no = $1 and u.email = 'first@example.org'`,
		[organizationNo],
	);
	expect(rows).toEqual([{ name: 'Dana', role: 'admin', all_customers: true, isInvited: true }]);
	expect(await sentTo()).toMatchObject([{ organization_no: organizationNo }]);
	expect(await entries(organizationNo, 'organization.add')).toMatchObject([
		{ user_email: 'owner@example.com', after: { name: 'Estuary', admin: 'first@example.org' } },
	]);
	const home = await entries(harbour, 'organization.add');
	expect(home).toContainEqual(expect.objectContaining({ subject_id: 'Estuary' }));
	expect(JSON.stringify(home)).not.toContain('first@example.org');

	// Somebody who has an account elsewhere gets another membership, at once.
	const again = { ...wanted, name: 'Fjord', hosts: [], adminEmail: 'ADMIN@example.com' };
	heard = [];
	expect((await ask('owner', organizations, again)).body).toMatchObject({ users: 1 });
	expect(heard).toHaveLength(1);
});

test('an organization that holds something, or somebody who acts, stays', async () => {
	await createCustomer(db.database, mountain, {
		name: 'Goats',
		email: null,
		mobile: null,
		address: null,
		pinCode: null,
		city: null,
		dealerNo: null,
	});
	const remove = (organizationNo: number, confirm: string) =>
		ask('owner', `${organizations}/${organizationNo}`, { confirm }, { method: 'DELETE' });
	const { name } = await settings();
	expect(await remove(harbour, String(name))).toMatchObject({
		status: 409,
		body: { code: 'still_in_use' },
	});
	const held = await remove(mountain, 'Mountain');
	expect(held).toMatchObject({ status: 409, body: { code: 'still_in_use' } });
	expect(held.body.detail).toContain('it has 1 customers (Goats)');
});

test.each(['https://a.example', 'a.example:8080', 'a_b.example', '-a.example', 'a..example', ''])(
	'%j is no host name',
	async (host) => {
		const body = { ...added, hosts: [host], confirm: 'Confirm' };
		expect((await ask('owner', organizations, body)).status).toBe(400);
	},
);

test('a Super Admin enters an organization, acts in it, and leaves; both logs say so', async () => {
	const { name } = await settings();
	expect(await ask('owner', `${organizations}/999999/enter`, {})).toMatchObject({ status: 404 });
	const entered = await ask('owner', `${organizations}/${mountain}/enter`, {});
	expect(entered).toEqual({ status: 200, body: { name: 'Mountain' } });
	expect(heard).toHaveLength(1);
	const session = async (host?: string) =>
		ask('owner', '/api/session', undefined, host === undefined ? {} : { host });
	expect((await session()).body).toMatchObject({
		role: 'super_admin',
		organization: { name: 'Mountain' },
		enteredFrom: name,
	});
	expect((await session('mountain.example')).body).toMatchObject({ enteredFrom: name });

	const before = await settings('owner');
	expect((await change('owner', before, { supportName: 'Guide' })).status).toBe(200);
	expect((await settings('mountain')).supportName).toBe('Guide');
	expect((await settings('admin')).supportName).not.toBe('Guide');

	expect(await ask('owner', `${organizations}/leave`, {})).toMatchObject({ body: { name } });
	expect(await ask('owner', `${organizations}/leave`, {})).toMatchObject({ body: { name } });
	expect((await session()).body).toMatchObject({ organization: { name }, enteredFrom: null });
	for (const organizationNo of [harbour, mountain])
		for (const action of ['organization.enter', 'organization.leave'])
			expect(await entries(organizationNo, action)).toMatchObject([
				{
					user_email: 'owner@example.com',
					subject_id: 'Mountain',
					after: { from: name },
					ip: '127.0.0.1',
				},
			]);
});

test('where one Super Admin is moves no other, and goes with the own role alone', async () => {
	await createMember(db.database, {
		organizationNo: harbour,
		name: 'second',
		email: 'second@example.com',
		password,
		role: 'super_admin',
		dealerNo: null,
		customerNos: null,
	});
	const valley = await createOrganization(db.database, { ...place, name: 'Valley', hosts: [] });
	const second = await portal.signIn('second@example.com', password);
	const organizationOf = async (cookie: string) => {
		const answer = await portal.send('/api/session', { cookie });
		return ((await answer.json()) as { organization: { name: string } }).organization.name;
	};
	const home = await organizationOf(second);
	const both = async () => [await organizationOf(cookies.owner), await organizationOf(second)];
	const enter = (cookie: string, organizationNo: number) =>
		portal.send(`${organizations}/${organizationNo}/enter`, { cookie, body: {} });

	await enter(second, mountain);
	await enter(cookies.owner, valley);
	expect(await both()).toEqual(['Valley', 'Mountain']);
	await enter(cookies.owner, mountain);
	expect(await both()).toEqual(['Mountain', 'Mountain']);
	await ask('owner', `${organizations}/leave`, {});
	expect(await both()).toEqual([home, 'Mountain']);
	await db.pool.query(
		`update membership m set role = 'operation' from auth_user u
		where u.id = m.user_id and u.email = 'second@example.com'`,
	);
	portal.access.changed('nobody');
	expect(await both()).toEqual([home, home]);
	await db.pool.query('delete from organization where organization_no = $1', [valley]);
});

test('entering is of one session, and ends with it, with the role, and at the hosts of others', async () => {
	const other = await portal.signIn('owner@example.com', password);
	const at = (cookie: string, host?: string) =>
		portal.send('/api/session', { cookie, ...(host !== undefined && { host }) });
	const organizationOf = async (answer: Response) =>
		((await answer.json()) as { organization: { name: string } }).organization.name;
	const home = await organizationOf(await at(other));

	// Before entering, the other organization's host knows nothing of a Super Admin of elsewhere.
	expect((await at(cookies.owner, 'mountain.example')).status).toBe(403);
	await ask('owner', `${organizations}/${mountain}/enter`, {});
	expect(await organizationOf(await at(cookies.owner))).toBe('Mountain');
	expect(await organizationOf(await at(other))).toBe(home);

	const third = await createOrganization(db.database, {
		...place,
		name: 'Third',
		hosts: ['third.example'],
	});
	portal.access.changed('nobody');
	expect((await at(cookies.owner, 'third.example')).status).toBe(403);
	// From inside one, another is entered without going home.
	await ask('owner', `${organizations}/${third}/enter`, {});
	expect(await organizationOf(await at(cookies.owner))).toBe('Third');

	const becomes = async (role: string) => {
		await db.pool.query(
			`update membership m set role = $1 from auth_user u
			where u.id = m.user_id and u.email = 'owner@example.com'`,
			[role],
		);
		portal.access.changed('nobody');
	};
	await becomes('operation');
	expect(await organizationOf(await at(cookies.owner))).toBe(home);
	expect((await ask('owner', organizations)).status).toBe(403);
	await becomes('super_admin');
	expect(await organizationOf(await at(cookies.owner))).toBe('Third');

	await portal.send('/api/auth/sign-out', { cookie: cookies.owner, body: {} });
	const { rows } = await db.pool.query('select * from entered_organization');
	expect(rows).toEqual([]);
	cookies = { ...cookies, owner: await portal.signIn('owner@example.com', password) };
	expect(await organizationOf(await at(cookies.owner))).toBe(home);
});
