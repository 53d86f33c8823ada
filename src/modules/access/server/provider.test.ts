import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startOidcProvider, type TestProvider } from '../../../../tests/harness/oidc-provider.ts';
import { foundOrganization } from '../../../../tests/harness/organization.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import {
	configureSignInProvider,
	type KnownProvider,
	type ProviderSettings,
	showPortal,
	showSignInProvider,
} from '../contract.ts';

const password = 'correct horse battery staple';
const harbourHost = 'harbour.example';
const mountainHost = 'mountain.example';

let db: TestDatabase;
let portal: TestPortal;
let provider: TestProvider;
let harbour: number;
let mountain: number;
let admin: string;
let mountainAdmin: string;
const changed: string[] = [];
let nowMs = Date.now();

beforeAll(async () => {
	db = await createTestDatabase();
	[harbour, mountain] = [
		await foundOrganization(db.database, 'Harbour', [harbourHost]),
		await foundOrganization(db.database, 'Mountain', [mountainHost]),
	];
	portal = await startPortal(db, {
		clock: () => nowMs,
		onAccessChanged: (userId) => changed.push(userId),
	});
	provider = await startOidcProvider(
		[harbourHost, mountainHost].map((host) => `http://${host}/api/auth/oidc/callback`),
	);
	await newMember('admin@example.com', harbour, 'admin');
	await newMember('mountain@example.com', mountain, 'admin');
});
beforeEach(async () => {
	await db.database.deleteFrom('sign_in_provider').execute();
	await db.database.deleteFrom('auth_session').where('organizationNo', 'is not', null).execute();
	await db.database.deleteFrom('auth_account').where('providerId', 'like', 'oidc:%').execute();
	provider.people = [];
	provider.forge = null;
	changed.length = 0;
	// What is remembered of a session or a provider from the test before is too old by now.
	nowMs += 600_000;
	admin = await portal.signIn('admin@example.com', password);
	mountainAdmin = await portal.signIn('mountain@example.com', password);
});
afterEach(() => {
	expect(portal.logged()).not.toContain(provider.clientSecret);
});
afterAll(async () => {
	await portal.close();
	await provider.close();
	await db.drop();
});

function newMember(
	email: string,
	organizationNo = harbour,
	role: 'super_admin' | 'admin' | 'operation' = 'operation',
): Promise<string> {
	return createMember(db.database, {
		organizationNo,
		name: email,
		email,
		password,
		role,
		dealerNo: null,
		customerNos: null,
	});
}

const settings = (parts: Partial<ProviderSettings> = {}): ProviderSettings => ({
	label: 'Works',
	issuer: provider.issuer,
	clientId: provider.clientId,
	domains: [],
	isEnabled: true,
	...parts,
});

const known = (secretVersion = 1): KnownProvider => ({ ...settings(), secretVersion });

function configure(
	parts: Partial<ProviderSettings> = {},
	{
		before = null,
		clientSecret = provider.clientSecret,
		cookie = admin,
		host = harbourHost,
		confirm = 'Confirm',
	}: {
		before?: KnownProvider | null;
		clientSecret?: string | null;
		cookie?: string;
		host?: string;
		confirm?: string;
	} = {},
): Promise<Response> {
	return portal.send(configureSignInProvider.path, {
		method: 'PUT',
		cookie,
		host,
		body: { before, after: settings(parts), clientSecret, confirm },
	});
}

const statusOf = async (answer: Promise<Response>) => (await answer).status;

interface Begun {
	/** Address of the provider. */
	readonly address: string;
	readonly flow: string;
}

async function begin(next = '/console', host = harbourHost): Promise<Begun> {
	const answer = await portal.send(`/api/auth/oidc/start?next=${encodeURIComponent(next)}`, {
		host,
	});
	expect(answer.status).toBe(302);
	const address = answer.headers.get('location') ?? '';
	expect(address).toContain(provider.issuer);
	return { address, flow: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

/** Comes back from the provider. @returns where the portal leads, and the session's cookie */
async function comeBack(
	address: string,
	flow: string,
	host = harbourHost,
	headers: Record<string, string> = { 'sec-fetch-site': 'cross-site' },
): Promise<{ to: string; session: string; cookies: string }> {
	const { pathname, search } = new URL(address);
	const answer = await portal.send(`${pathname}${search}`, { host, cookie: flow, headers });
	expect(answer.status).toBe(302);
	const cookies = answer.headers.getSetCookie();
	const session = cookies.find((cookie) => cookie.startsWith('portal_session='));
	return {
		to: answer.headers.get('location') ?? '',
		session: session?.split(';')[0] ?? '',
		cookies: cookies.join('\n'),
	};
}

async function signIn(login: string, host = harbourHost) {
	const { address, flow } = await begin('/console', host);
	return comeBack(await provider.signIn(address, login), flow, host);
}

const person = (login: string, email: string, isVerified = true) => ({ login, email, isVerified });

test('a member signs in with a verified e-mail, and afterwards by the subject', async () => {
	const userId = await newMember('asha@example.com');
	expect(await statusOf(configure())).toBe(200);
	provider.people = [person('asha', 'Asha@Example.com')];
	const first = await signIn('asha');
	expect(first.to).toBe('/console');
	expect(first.cookies).toContain('portal_oidc=; Max-Age=0');
	expect(first.cookies).toMatch(
		/portal_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax/,
	);
	const session = await portal.send('/api/session', { cookie: first.session, host: harbourHost });
	expect(await session.json()).toMatchObject({ user: { email: 'asha@example.com' } });
	const { rows } = await db.pool.query(
		`select after from audit_entry where user_id = $1 and action = 'session.sign_in'`,
		[userId],
	);
	expect(rows).toEqual([{ after: { by: provider.issuer } }]);
	// The e-mail may change at the provider; the person stays.
	provider.people = [person('asha', 'new@example.com', false)];
	expect((await signIn('asha')).to).toBe('/console');
	// And who gets the old e-mail there is somebody else.
	provider.people = [person('heir', 'asha@example.com')];
	expect(await signIn('heir')).toMatchObject({ to: '/sign-in?refused=unknown', session: '' });
});

test('who is no member, or whose e-mail nobody verified, does not come in and is not made', async () => {
	await newMember('unverified@example.com');
	await newMember('elsewhere@example.com', mountain);
	await configure();
	provider.people = [
		person('unverified', 'unverified@example.com', false),
		person('elsewhere', 'elsewhere@example.com'),
		person('stranger', 'stranger@example.com'),
	];
	const users = () =>
		db.database
			.selectFrom('auth_user')
			.select('id')
			.execute()
			.then(({ length }) => length);
	const before = await users();
	expect(await signIn('unverified')).toMatchObject({
		to: '/sign-in?refused=unverified',
		session: '',
	});
	expect(await signIn('elsewhere')).toMatchObject({ to: '/sign-in?refused=unknown', session: '' });
	expect(await signIn('stranger')).toMatchObject({ to: '/sign-in?refused=unknown', session: '' });
	expect(await users()).toBe(before);
});

test('no provider signs a Super Admin in, of whichever organization, nor is bound to one', async () => {
	await newMember('chief@example.com', harbour, 'super_admin');
	await newMember('far-chief@example.com', mountain, 'super_admin');
	await newMember('far-chief@example.com');
	expect(await statusOf(configure())).toBe(200);
	provider.people = [
		person('chief', 'chief@example.com'),
		person('far-chief', 'far-chief@example.com'),
	];
	for (const login of ['chief', 'far-chief'])
		expect(await signIn(login)).toMatchObject({ to: '/sign-in?refused=super_admin', session: '' });
	const { rows } = await db.pool.query(`select from auth_account where "providerId" like 'oidc:%'`);
	expect(rows).toEqual([]);
});

test('who came in by a provider and becomes a Super Admin has to sign in with the password', async () => {
	const userId = await newMember('rising@example.com');
	expect(await statusOf(configure())).toBe(200);
	provider.people = [person('rising', 'rising@example.com')];
	const { session } = await signIn('rising');
	const asked = () => statusOf(portal.send('/api/session', { cookie: session, host: harbourHost }));
	expect(await asked()).toBe(200);
	await db.database
		.updateTable('membership')
		.set({ role: 'super_admin' })
		.where('user_id', '=', userId)
		.execute();
	portal.access.changed(userId);
	expect(await asked()).toBe(401);
	expect(await signIn('rising')).toMatchObject({ to: '/sign-in?refused=super_admin', session: '' });
	const byPassword = await portal.signIn('rising@example.com', password);
	const answer = await portal.send('/api/session', { cookie: byPassword, host: harbourHost });
	expect(await answer.json()).toMatchObject({ role: 'super_admin' });
});

test('only the domains that are named come in', async () => {
	await newMember('ben@inside.example');
	await newMember('eve@evil-inside.example');
	await configure({ domains: ['Inside.Example'] });
	provider.people = [person('ben', 'ben@inside.example'), person('eve', 'eve@evil-inside.example')];
	expect((await signIn('ben')).to).toBe('/console');
	expect((await signIn('eve')).to).toBe('/sign-in?refused=unknown');
});

test('a session that a provider vouched for is good at its organization only', async () => {
	const both = await newMember('both@example.com', harbour, 'admin');
	await newMember('both@example.com', mountain);
	const byPassword = await portal.signIn('both@example.com', password);
	await configure({}, { cookie: mountainAdmin, host: mountainHost });
	provider.people = [person('whoever', 'both@example.com')];
	const { session } = await signIn('whoever', mountainHost);
	const at = (host: string) => statusOf(portal.send('/api/session', { cookie: session, host }));
	expect(await at(mountainHost)).toBe(200);
	expect(await at(harbourHost)).toBe(403);
	expect(await at('unmapped.example')).toBe(200);
	const unmapped = await portal.send('/api/session', { cookie: session, host: 'unmapped.example' });
	expect(await unmapped.json()).toMatchObject({ organization: { name: 'Mountain' } });
	// Nor does it see or end what the account does elsewhere.
	const sessions = await portal.send('/api/account/sessions', {
		cookie: session,
		host: mountainHost,
	});
	expect(await sessions.json()).toMatchObject({ rows: [{ isThis: true }] });
	await portal.send('/api/account/sessions/end-others', {
		cookie: session,
		host: mountainHost,
		body: { confirm: 'Confirm' },
	});
	expect(
		await statusOf(portal.send('/api/session', { cookie: byPassword, host: harbourHost })),
	).toBe(200);
	expect(changed).toContain(both);
});

test('an answer with another state, of another flow, or without one is refused', async () => {
	await newMember('state@example.com');
	await configure();
	provider.people = [person('state', 'state@example.com')];
	const { address, flow } = await begin();
	const back = await provider.signIn(address, 'state');
	const changedState = new URL(back);
	changedState.searchParams.set('state', 'another');
	expect((await comeBack(changedState.href, flow)).to).toBe('/sign-in?refused=refused');
	const other = await begin();
	expect((await comeBack(back, other.flow)).to).toBe('/sign-in?refused=refused');
	for (const none of ['', 'portal_oidc=', `${flow.slice(0, -5)}AAAAA`])
		expect((await comeBack(back, none)).to).toBe('/sign-in?refused=over');
	expect((await comeBack(back, flow, mountainHost)).to).toBe('/sign-in?refused=off');
	const denied = new URL(back);
	denied.searchParams.delete('code');
	denied.searchParams.set('error', 'access_denied');
	expect((await comeBack(denied.href, flow)).to).toBe('/sign-in?refused=refused');
	const foreignIssuer = new URL(back);
	foreignIssuer.searchParams.set('iss', 'https://evil.example');
	expect((await comeBack(foreignIssuer.href, flow)).to).toBe('/sign-in?refused=refused');
	expect((await comeBack(back, flow)).to).toBe('/console');
	// What was used once is worth nothing, even with the cookie of then.
	expect(await comeBack(back, flow)).toMatchObject({ to: '/sign-in?refused=refused', session: '' });
	const late = await begin();
	const lateBack = await provider.signIn(late.address, 'state');
	nowMs += 601_000;
	expect((await comeBack(lateBack, late.flow)).to).toBe('/sign-in?refused=over');
});

test.each([
	['nonce', { nonce: 'another' }],
	['issuer', { iss: 'https://evil.example' }],
	['audience', { aud: 'another client' }],
	['time', { exp: 1_000_000_000, iat: 999_999_000 }],
])('an ID token with another %s is refused', async (_what, parts) => {
	await newMember(`forged-${_what}@example.com`);
	await configure();
	provider.people = [person('forged', `forged-${_what}@example.com`)];
	provider.forge = (claims) => ({ claims: { ...claims, ...parts } });
	expect(await signIn('forged')).toMatchObject({ to: '/sign-in?refused=refused', session: '' });
	provider.forge = (claims) => ({ claims });
	expect((await signIn('forged')).to).toBe('/console');
});

test('an ID token that somebody else signed is refused', async () => {
	await newMember('signed@example.com');
	await configure();
	provider.people = [person('signed', 'signed@example.com')];
	provider.forge = (claims) => ({ claims, isSignedByStranger: true });
	expect(await signIn('signed')).toMatchObject({ to: '/sign-in?refused=refused', session: '' });
});

test('leads on within the portal only', async () => {
	await newMember('next@example.com');
	await configure();
	provider.people = [person('next', 'next@example.com')];
	for (const [next, to] of [
		['/devices/EV-1?tab=track', '/devices/EV-1?tab=track'],
		['https://evil.example', '/'],
		['//evil.example', '/'],
		['/..//evil.example', '/'],
	] as const) {
		const { address, flow } = await begin(next);
		expect((await comeBack(await provider.signIn(address, 'next'), flow)).to).toBe(to);
	}
});

test('signing in anew at the provider ends the session before', async () => {
	await newMember('again@example.com');
	await configure();
	provider.people = [person('again', 'again@example.com')];
	const before = await portal.signIn('again@example.com', password);
	const { address, flow } = await begin();
	const { session } = await comeBack(await provider.signIn(address, 'again'), `${flow}; ${before}`);
	expect(session).not.toBe(before);
	expect(await statusOf(portal.send('/api/session', { cookie: before }))).toBe(401);
});

test('a provider that is off, or of another organization, signs nobody in', async () => {
	const userId = await newMember('off@example.com');
	await configure();
	provider.people = [person('off', 'off@example.com')];
	const { session } = await signIn('off');
	const begun = await begin();
	const back = await provider.signIn(begun.address, 'off');
	const labelAt = async (host: string) =>
		showPortal.reply.parse(await (await portal.send('/api/portal', { host })).json()).provider;
	expect(await labelAt(harbourHost)).toEqual({ label: 'Works' });
	expect(await labelAt(mountainHost)).toBeNull();
	expect(await labelAt('unmapped.example')).toBeNull();
	const start = (host: string) => portal.send('/api/auth/oidc/start', { host });
	expect((await start(mountainHost)).headers.get('location')).toBe('/sign-in?refused=off');

	expect(
		await statusOf(configure({ isEnabled: false }, { before: known(), clientSecret: null })),
	).toBe(200);
	expect((await comeBack(back, begun.flow)).to).toBe('/sign-in?refused=off');
	expect((await start(harbourHost)).headers.get('location')).toBe('/sign-in?refused=off');
	expect(await labelAt(harbourHost)).toBeNull();
	// And whom it let in before is out.
	expect(changed).toEqual([userId]);
	expect(await statusOf(portal.send('/api/session', { cookie: session, host: harbourHost }))).toBe(
		401,
	);
});

test('a sign-in that began at one organization does not end at another with the same provider', async () => {
	await newMember('wayfarer@example.com');
	await newMember('wayfarer@example.com', mountain);
	await configure();
	await configure({}, { cookie: mountainAdmin, host: mountainHost });
	provider.people = [person('both', 'wayfarer@example.com')];
	const { address, flow } = await begin();
	const back = await provider.signIn(address, 'both');
	expect(await comeBack(back, flow, mountainHost)).toMatchObject({
		to: '/sign-in?refused=off',
		session: '',
	});
	expect((await signIn('both', mountainHost)).to).toBe('/console');
});

test('is configured by who sees the whole organization, confirmed, and asked first', async () => {
	expect(await statusOf(configure({}, { confirm: 'yes' }))).toBe(400);
	const operation = await newMember('operation@example.com').then(() =>
		portal.signIn('operation@example.com', password),
	);
	expect(await statusOf(configure({}, { cookie: operation }))).toBe(403);
	for (const [issuer, reason] of [
		['http://127.0.0.1:1', /nothing listens there/],
		[portal.url, /discovery document|does not answer/],
		[`${provider.issuer}/other`, /cannot be used/],
		['https://10.1.2.3', /private network/],
		['https://[fd00::1]', /private network/],
		['https://169.254.169.254', /private network/],
		['http://192.0.2.1', /https/],
		['ftp://provider.example', /https/],
		['provider', /https/],
	] as const) {
		const answer = await configure({ issuer });
		expect(answer.status, issuer).toBe(400);
		const { fields, detail } = (await answer.json()) as { fields: object[]; detail: string };
		expect(fields).toMatchObject([{ path: 'body.after.issuer' }]);
		expect(detail).toMatch(reason);
	}
	for (const [settings, clientSecret] of [
		[{}, 'another secret'],
		[{ clientId: 'another' }, provider.clientSecret],
	] as const) {
		const answer = await configure(settings, { clientSecret });
		expect(await answer.json()).toMatchObject({
			detail: expect.stringContaining('does not take this client ID with this client secret'),
			fields: [{ path: 'body.clientSecret' }],
		});
		expect(answer.status).toBe(400);
	}
	expect(await statusOf(configure({}, { clientSecret: null }))).toBe(400);
	expect(await statusOf(configure())).toBe(200);
	const shown = await portal.send('/api/admin/sign-in', { cookie: admin, host: harbourHost });
	expect(await shown.json()).toEqual({
		redirectUri: `http://${harbourHost}/api/auth/oidc/callback`,
		provider: known(),
	});
	const { rows } = await db.pool.query(
		`select before, after from audit_entry where action = 'sign_in_provider.configure' order by audit_no desc limit 1`,
	);
	expect(rows).toEqual([{ before: null, after: { ...settings(), clientSecret: 'replaced' } }]);
	const kept = await db.pool.query(
		`select encode(client_secret, 'escape') as kept from sign_in_provider`,
	);
	expect(JSON.stringify(kept.rows)).not.toContain(provider.clientSecret);
	const check = await portal.send('/api/admin/sign-in/check', {
		cookie: admin,
		host: harbourHost,
		body: {},
	});
	expect(await check.json()).toEqual({ isAnswering: true, problem: null });
});

test('the second editor is told what changed, and a kept secret goes to nobody else', async () => {
	await configure();
	expect(
		await statusOf(configure({ label: 'Company' }, { before: known(), clientSecret: null })),
	).toBe(200);
	const late = await configure({ label: 'Firm' }, { before: known(), clientSecret: null });
	expect(late.status).toBe(409);
	expect(await late.json()).toMatchObject({
		code: 'changed_meanwhile',
		detail: expect.stringContaining('Name is now “Company”'),
	});
	expect(await statusOf(configure())).toBe(409);
	const before = { ...known(), label: 'Company' };
	const lured = await configure({ clientId: 'another' }, { before, clientSecret: null });
	expect(await lured.json()).toMatchObject({ fields: [{ path: 'body.clientSecret' }] });
	// Of two at once one is told.
	const both = await Promise.all([
		configure({ label: 'One' }, { before, clientSecret: null }),
		configure({ label: 'Two' }, { before, clientSecret: null }),
	]);
	expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('whom one organization knows by a provider another knows by the same one only when told', async () => {
	for (const organizationNo of [harbour, mountain])
		await newMember('twice@example.com', organizationNo);
	await configure();
	await configure({}, { cookie: mountainAdmin, host: mountainHost });
	provider.people = [person('twice', 'twice@example.com')];
	expect((await signIn('twice', mountainHost)).to).toBe('/console');
	provider.people = [person('twice', 'twice@example.com', false)];
	expect((await signIn('twice', mountainHost)).to).toBe('/console');
	expect((await signIn('twice')).to).toBe('/sign-in?refused=unverified');
});

test('one organization neither sees nor removes the provider of another', async () => {
	await configure();
	const ask = (path: string, method = 'POST') =>
		portal.send(`/api/admin/sign-in${path}`, {
			method,
			cookie: mountainAdmin,
			host: mountainHost,
			...(method === 'POST' && { body: { confirm: 'Confirm' } }),
		});
	expect(await (await ask('', 'GET')).json()).toMatchObject({ provider: null });
	expect((await ask('/remove')).status).toBe(404);
	expect((await ask('/check')).status).toBe(404);
	expect(await statusOf(configure({}, { cookie: mountainAdmin, host: mountainHost }))).toBe(200);
	await newMember('climber@example.com', mountain);
	provider.people = [person('climber', 'climber@example.com')];
	const { session } = await signIn('climber', mountainHost);
	const own = await portal.send('/api/admin/sign-in/remove', {
		cookie: admin,
		host: harbourHost,
		body: { confirm: 'Confirm' },
	});
	expect(own.status).toBe(200);
	const left = await db.database.selectFrom('sign_in_provider').select('organization_no').execute();
	expect(left).toEqual([{ organization_no: mountain }]);
	const climber = portal.send('/api/session', { cookie: session, host: mountainHost });
	expect(await statusOf(climber)).toBe(200);
});

test('a provider that went away is said to be away', async () => {
	const away = await startOidcProvider([`http://${harbourHost}/api/auth/oidc/callback`]);
	expect(await statusOf(configure({ issuer: away.issuer }))).toBe(200);
	await away.close();
	nowMs += 600_000;
	const answer = await portal.send('/api/auth/oidc/start', { host: harbourHost });
	expect(answer.headers.get('location')).toBe('/sign-in?refused=unreachable');
	const again = await portal.signIn('admin@example.com', password);
	const check = await portal.send('/api/admin/sign-in/check', {
		cookie: again,
		host: harbourHost,
		body: {},
	});
	expect(await check.json()).toMatchObject({
		isAnswering: false,
		problem: expect.stringContaining('nothing listens there'),
	});
});

test('the second editor who replaces the secret alone is told', async () => {
	expect(await statusOf(configure())).toBe(200);
	const shown = await portal.send(showSignInProvider.path, { cookie: admin, host: harbourHost });
	expect(await shown.json()).toMatchObject({ provider: known(1) });
	expect(await statusOf(configure({}, { before: known(1) }))).toBe(200);
	const late = await configure({}, { before: known(1) });
	expect(late.status).toBe(409);
	const { detail } = await late.json();
	expect(detail).toContain('Client secret is now another one');
	// What leaves the secret as it is leaves its number, too.
	expect(
		await statusOf(configure({ label: 'Firm' }, { before: known(2), clientSecret: null })),
	).toBe(200);
	expect(
		await statusOf(configure({}, { before: { ...known(2), label: 'Firm' }, clientSecret: null })),
	).toBe(200);
	const { rows } = await db.pool.query('select secret_version from sign_in_provider');
	expect(rows).toEqual([{ secret_version: 2 }]);
});
