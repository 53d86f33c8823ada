import { once } from 'node:events';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { livePath } from '#contract/live.ts';
import type { Role } from '#contract/roles.ts';
import { LiveHub } from '#live/hub.ts';
import { serveAuditRoutes } from '#modules/audit/server/index.ts';
import { serveOrganizationRoutes } from '#modules/organization/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startOidcProvider, type TestProvider } from '../../../../tests/harness/oidc-provider.ts';
import { foundOrganization } from '../../../../tests/harness/organization.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import {
	beginOwnSecondFactor,
	changeSignInPolicy,
	configureSignInProvider,
	confirmOwnSecondFactor,
	removeSignInProvider,
	type SignInPolicy,
	showPortal,
	showSignInPolicy,
} from '../contract.ts';

const password = 'correct horse battery staple';
const harbourHost = 'harbour.example';
const mountainHost = 'mountain.example';
const stepMs = 30_000;
const open: SignInPolicy = { requiresSecondFactor: false, allowsPassword: true };
const factorRequired: SignInPolicy = { ...open, requiresSecondFactor: true };
const providerOnly: SignInPolicy = { ...open, allowsPassword: false };

let db: TestDatabase;
let portal: TestPortal;
let provider: TestProvider;
let hub: LiveHub;
let harbour: number;
let mountain: number;
let superAdmin: string;
// It stands still, so that what is remembered of a session is forgotten only where that is said.
let nowMs = Date.now();

beforeAll(async () => {
	db = await createTestDatabase();
	[harbour, mountain] = [
		await foundOrganization(db.database, 'Harbour', [harbourHost]),
		await foundOrganization(db.database, 'Mountain', [mountainHost]),
	];
	portal = await startPortal(db, {
		clock: () => nowMs,
		onAccessChanged: (userId) => hub.recheck(userId),
		add: async ({ app }) => {
			hub = new LiveHub({ isDatabaseUp: () => true, onFlush: () => {} });
			await hub.register(app);
			serveAuditRoutes(app, { pool: db.pool, database: db.database });
			serveOrganizationRoutes(app, {
				pool: db.pool,
				database: db.database,
				inviteAdmin: () => Promise.reject(new Error('nobody is invited here')),
				changed: (userId) => portal.access.changed(userId),
			});
		},
	});
	provider = await startOidcProvider(
		[harbourHost, mountainHost].map((host) => `http://${host}/api/auth/oidc/callback`),
	);
	await newMember('chief', 'super_admin');
	superAdmin = await signIn('chief');
});
beforeEach(async () => {
	await db.pool.query('delete from sign_in_policy; delete from sign_in_provider');
	await db.pool.query(`delete from auth_account where "providerId" like 'oidc:%'`);
	nowMs += 600_000;
	provider.people = [];
});
afterAll(async () => {
	hub.stop();
	await portal.close();
	await provider.close();
	await db.drop();
});

const emailOf = (name: string) => `${name}@example.com`;

function newMember(name: string, role: Role = 'admin', organizationNo = harbour): Promise<string> {
	return createMember(db.database, {
		organizationNo,
		name,
		email: emailOf(name),
		password,
		role,
		dealerNo: null,
		customerNos: null,
	});
}

interface Asking {
	readonly host?: string;
	readonly method?: string;
	readonly body?: unknown;
}

/** What a request is answered with. */
async function ask(path: string, cookie?: string, { host = harbourHost, ...rest }: Asking = {}) {
	const answer = await portal.send(path, {
		host,
		...(cookie !== undefined && { cookie }),
		...rest,
	});
	const body = await answer.json();
	return { status: answer.status, code: body.code, detail: body.detail, body };
}

function passwordSignIn(name: string, typed = password, host = harbourHost): Promise<Response> {
	return portal.send('/api/auth/sign-in/email', {
		host,
		body: { email: emailOf(name), password: typed },
	});
}

async function signIn(name: string, host = harbourHost): Promise<string> {
	const answer = await passwordSignIn(name, password, host);
	expect(answer.status).toBe(200);
	return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function signInAtProvider(name: string): Promise<string> {
	provider.people = [{ login: name, email: emailOf(name), isVerified: true }];
	const begun = await portal.send('/api/auth/oidc/start', { host: harbourHost });
	const flow = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
	const back = new URL(await provider.signIn(begun.headers.get('location') ?? '', name));
	const answer = await portal.send(`${back.pathname}${back.search}`, {
		host: harbourHost,
		cookie: flow,
		headers: { 'sec-fetch-site': 'cross-site' },
	});
	expect(answer.headers.get('location')).toBe('/');
	const cookies = answer.headers.getSetCookie();
	return cookies.find((cookie) => cookie.startsWith('portal_session='))?.split(';')[0] ?? '';
}

const settings = () => ({
	label: 'Works',
	issuer: provider.issuer,
	clientId: provider.clientId,
	domains: [],
	isEnabled: true,
});
const known = () => ({ ...settings(), secretVersion: 1 });

const configure = (cookie: string, before: object | null, after: object) =>
	ask(configureSignInProvider.path, cookie, {
		method: 'PUT',
		body: {
			before,
			after,
			clientSecret: before === null ? provider.clientSecret : null,
			confirm: 'Confirm',
		},
	});

const change = (cookie: string, before: SignInPolicy, after: SignInPolicy, confirm = 'Confirm') =>
	ask(changeSignInPolicy.path, cookie, { method: 'PUT', body: { before, after, confirm } });

/** Sets the provider up, has somebody come in by it, and gives passwords up. */
async function giveUpPasswords(cookie: string, visitor: string): Promise<void> {
	expect((await configure(cookie, null, settings())).status).toBe(200);
	await signInAtProvider(visitor);
	expect((await change(cookie, open, providerOnly)).status).toBe(200);
}

/** Text of the mail that was sent last. */
async function newestMail(): Promise<string> {
	const { rows } = await db.pool.query('select text from mail order by mail_no desc limit 1');
	return rows[0].text;
}

const tokenIn = (mail: string) => /#([\w-]+)/.exec(mail)?.[1] ?? '';

/** Sends somebody's invitation to Harbour. @returns its text */
async function inviteAnew(userId: string): Promise<string> {
	await db.database.transaction().execute((transaction) =>
		portal.access.sendActivation(transaction, {
			userId,
			organizationNo: harbour,
			host: harbourHost,
		}),
	);
	return newestMail();
}

const statusOf = async (path: string, cookie: string, host = harbourHost) =>
	(await ask(path, cookie, { host })).status;

async function connected(cookie: string): Promise<WebSocket> {
	const socket = new WebSocket(`${portal.url.replace(/^http/, 'ws')}${livePath}`, {
		headers: { cookie, 'x-forwarded-host': harbourHost, 'sec-fetch-site': 'same-origin' },
	});
	await once(socket, 'open');
	return socket;
}

async function refusedUpgrade(cookie: string): Promise<number> {
	const socket = new WebSocket(`${portal.url.replace(/^http/, 'ws')}${livePath}`, {
		headers: { cookie, 'x-forwarded-host': harbourHost, 'sec-fetch-site': 'same-origin' },
	});
	socket.on('error', () => {});
	const [, answer] = await once(socket, 'unexpected-response');
	answer.resume();
	return answer.statusCode;
}

async function setUpFactor(cookie: string): Promise<TOTP> {
	const begun = await ask(beginOwnSecondFactor.path, cookie, {
		body: { password, code: null },
	});
	expect(begun.status).toBe(200);
	const app = new TOTP({ secret: Secret.fromBase32(begun.body.secret) });
	const code = app.generate({ timestamp: nowMs });
	expect((await ask(confirmOwnSecondFactor.path, cookie, { body: { code } })).status).toBe(200);
	return app;
}

test('who has no second factor where one is required may set it up and nothing else', async () => {
	await newMember('factor-admin');
	await newMember('factor-asha');
	const [admin, asha] = [await signIn('factor-admin'), await signIn('factor-asha')];
	await setUpFactor(admin);
	const socket = await connected(asha);
	const closed = once(socket, 'close');
	expect(await statusOf('/api/admin/organization', asha)).toBe(200);
	expect((await ask(showSignInPolicy.path, admin)).body).toEqual({
		policy: open,
		own: { isByPassword: true, hasSecondFactor: true, isSuperAdmin: false },
	});

	expect((await change(admin, open, factorRequired)).status).toBe(200);
	// Open connections end at once, and the next request is refused.
	expect((await closed)[0]).toBe(4401);
	expect(await ask('/api/admin/organization', asha)).toMatchObject({
		status: 403,
		code: 'second_factor_needed',
		detail: expect.stringContaining(
			'Harbour requires a second factor. Open the portal, set one up',
		),
	});
	expect(await refusedUpgrade(asha)).toBe(403);
	expect((await ask('/api/session', asha)).body).toMatchObject({ lacksSecondFactor: true });
	expect((await ask('/api/account', asha)).body).toMatchObject({
		secondFactor: { isOn: false, isRequired: true },
	});
	expect(await statusOf('/api/account/sessions', asha)).toBe(200);
	expect(await statusOf(showPortal.path, asha)).toBe(200);
	// Whatever else is served, it is refused before anything of it is read.
	const behind = portal.app.servedEndpoints.filter(({ admits }) => admits !== 'everyone');
	const [before, after] = [
		behind.filter(({ isBeforeSecondFactor }) => isBeforeSecondFactor),
		behind.filter(({ isBeforeSecondFactor }) => !isBeforeSecondFactor),
	];
	expect(before.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
		'GET /api/account',
		'GET /api/account/sessions',
		'GET /api/session',
		'POST /api/account/second-factor/begin',
		'POST /api/account/second-factor/confirm',
	]);
	expect(after.length).toBeGreaterThan(20);
	for (const { method, path } of after)
		expect([path, await ask(path, asha, { method })]).toMatchObject([
			path,
			{ status: 403, code: 'second_factor_needed' },
		]);
	// Signing in anew changes nothing about it, and signing out works.
	const again = await signIn('factor-asha');
	expect(await ask('/api/admin/audit', again)).toMatchObject({ code: 'second_factor_needed' });
	expect(await statusOf('/api/admin/organization', admin)).toBe(200);
	const left = await ask('/api/auth/sign-out', again, { body: {} });
	expect(left.status).toBe(200);
	expect(await statusOf('/api/session', again)).toBe(401);

	const app = await setUpFactor(asha);
	expect(await statusOf('/api/admin/organization', asha)).toBe(200);
	expect((await ask('/api/session', asha)).body).toMatchObject({ lacksSecondFactor: false });
	(await connected(asha)).close();
	// It stays while it is required.
	nowMs += stepMs;
	const switchOff = () =>
		ask('/api/account/second-factor/switch-off', asha, {
			body: { password, code: app.generate({ timestamp: nowMs }), confirm: 'Confirm' },
		});
	expect(await switchOff()).toMatchObject({ status: 409, code: 'second_factor_required' });
	expect((await change(admin, factorRequired, open)).status).toBe(200);
	expect((await switchOff()).status).toBe(200);
});

test('whom the provider vouched for needs no second factor', async () => {
	await newMember('exempt-admin');
	await newMember('exempt-asha');
	const admin = await signIn('exempt-admin');
	await configure(admin, null, settings());
	const asha = await signInAtProvider('exempt-asha');
	expect((await change(admin, open, factorRequired)).status).toBe(200);
	expect(await statusOf('/api/admin/organization', asha)).toBe(200);
	expect((await ask(showSignInPolicy.path, asha)).body).toMatchObject({
		own: { isByPassword: false, hasSecondFactor: false },
	});
	expect(await ask('/api/admin/organization', admin)).toMatchObject({
		code: 'second_factor_needed',
	});
});

test('who belongs to two organizations keeps the factor that one requires, and a provider hears of neither', async () => {
	await newMember('two-admin');
	await newMember('two');
	await newMember('two', 'operation', mountain);
	const admin = await signIn('two-admin');
	await configure(admin, null, settings());
	const cookie = await signIn('two');
	await db.pool.query('insert into sign_in_policy values ($1, true, true)', [mountain]);
	expect(await statusOf('/api/admin/organization', cookie)).toBe(200);
	const isRequired = async (session: string) =>
		(await ask('/api/account', session)).body.secondFactor.isRequired;
	expect(await isRequired(cookie)).toBe(true);
	expect(await isRequired(admin)).toBe(false);
	expect(await isRequired(await signInAtProvider('two'))).toBe(false);
	expect(await ask('/api/admin/audit', cookie, { host: mountainHost })).toMatchObject({
		code: 'second_factor_needed',
	});
	const app = await setUpFactor(cookie);
	nowMs += stepMs;
	const code = app.generate({ timestamp: nowMs });
	expect(
		await ask('/api/account/second-factor/switch-off', cookie, {
			body: { password, code, confirm: 'Confirm' },
		}),
	).toMatchObject({ code: 'second_factor_required' });
});

test('a Super Admin who enters an organization needs the factor that it requires', async () => {
	await newMember('entering', 'super_admin', mountain);
	await newMember('entered-admin');
	const cookie = await signIn('entering', mountainHost);
	const enter = `/api/admin/organizations/${harbour}/enter`;
	await db.pool.query('insert into sign_in_policy values ($1, true, true)', [harbour]);
	expect((await ask(enter, cookie, { host: mountainHost, body: {} })).status).toBe(200);
	expect(await ask('/api/admin/organization', cookie)).toMatchObject({
		code: 'second_factor_needed',
	});
	await setUpFactor(cookie);
	expect((await ask('/api/admin/organization', cookie)).body).toMatchObject({ name: 'Harbour' });
	// What the own organization requires holds there, too.
	await db.pool.query('update sign_in_policy set organization_no = $1', [mountain]);
	await db.pool.query('delete from second_factor');
	nowMs += 600_000;
	expect(await ask('/api/admin/organization', cookie)).toMatchObject({
		code: 'second_factor_needed',
	});
});

test('passwords are given up only for a provider that works', async () => {
	await newMember('cautious');
	const admin = await signIn('cautious');
	const giveUp = () => change(admin, open, providerOnly);
	expect(await giveUp()).toMatchObject({
		status: 409,
		code: 'password_needed',
		detail:
			'Password sign-in cannot be switched off: there is no provider to sign in with. Set one up first.',
	});
	await configure(admin, null, { ...settings(), isEnabled: false });
	expect((await giveUp()).detail).toContain('sign-in with Works is off. Switch it on first.');
	await configure(admin, { ...known(), isEnabled: false }, settings());
	expect((await giveUp()).detail).toContain('no Admin has signed in with Works yet.');
	// It may know everybody but those who could repair it.
	await newMember('cautious-operation', 'operation');
	await newMember('cautious-operation', 'admin', mountain);
	await signInAtProvider('cautious-operation');
	expect((await giveUp()).detail).toContain('no Admin has signed in with Works yet.');
	await signInAtProvider('cautious');
	await db.pool.query(`update sign_in_provider set issuer = 'http://127.0.0.1:9'`);
	expect((await giveUp()).detail).toContain('Works cannot be used, since ');
	await db.pool.query('update sign_in_provider set issuer = $1', [provider.issuer]);
	expect((await giveUp()).status).toBe(200);
});

test('without passwords everybody hears the same, and only the provider lets in', async () => {
	await newMember('alike-admin');
	await newMember('alike-asha');
	await newMember('elsewhere', 'admin', mountain);
	await newMember('alike-factor');
	await setUpFactor(await signIn('alike-factor'));
	const asha = await signIn('alike-asha');
	const socket = await connected(asha);
	const closed = once(socket, 'close');
	const elsewhere = await signIn('elsewhere', mountainHost);
	await ask('/api/password/forgot', undefined, { body: { email: emailOf('alike-asha') } });
	await portal.access.stop();
	const token = tokenIn(await newestMail());
	const admin = await signIn('alike-admin');
	await giveUpPasswords(admin, 'alike-asha');

	// Sessions by password have ended at once.
	expect((await closed)[0]).toBe(4401);
	for (const cookie of [asha, admin]) expect(await statusOf('/api/session', cookie)).toBe(401);
	const { rows } = await db.pool.query(
		`select from auth_session s join auth_user u on u.id = s."userId"
		where u.email like 'alike-%' and s."organizationNo" is null`,
	);
	expect(rows).toEqual([]);

	const answers = await Promise.all([
		passwordSignIn('alike-asha'),
		passwordSignIn('alike-asha', 'a wrong password'),
		passwordSignIn('chief', 'a wrong password'),
		passwordSignIn('alike-factor'),
		passwordSignIn('nobody'),
		passwordSignIn('elsewhere'),
		portal.send('/api/password/forgot', {
			host: harbourHost,
			body: { email: emailOf('alike-asha') },
		}),
		portal.send('/api/password/link', {
			host: harbourHost,
			body: { purpose: 'reset', token },
		}),
		portal.send('/api/password/reset', {
			host: harbourHost,
			body: { token, password: `${password} two` },
		}),
	]);
	for (const answer of answers) {
		expect(answer.status).toBe(403);
		expect(answer.headers.getSetCookie()).toEqual([]);
		expect(await answer.json()).toMatchObject({
			code: 'password_sign_in_off',
			detail: 'Passwords are not used here. Sign in with Works.',
		});
	}
	expect((await ask(showPortal.path)).body).toMatchObject({
		provider: { label: 'Works' },
		allowsPassword: false,
	});
	// It is nobody else's matter.
	expect(await statusOf('/api/session', elsewhere, mountainHost)).toBe(200);
	expect((await ask(showPortal.path, undefined, { host: mountainHost })).body).toMatchObject({
		provider: null,
		allowsPassword: true,
	});
	const again = await signInAtProvider('alike-asha');
	expect(await statusOf('/api/admin/organization', again)).toBe(200);
});

test('a Super Admin signs in with a password all the same, and gets a link to reset it', async () => {
	await newMember('always-admin');
	const admin = await signIn('always-admin');
	await giveUpPasswords(admin, 'always-admin');
	expect(await statusOf('/api/session', superAdmin)).toBe(200);
	expect(await statusOf('/api/session', await signIn('chief'))).toBe(200);
	const sent = async () =>
		(await db.pool.query('select recipient from mail where subject like $1', ['Reset%'])).rows
			.length;
	const before = await sent();
	const forgot = (name: string) =>
		ask('/api/password/forgot', undefined, { body: { email: emailOf(name) } });
	expect(await forgot('always-admin')).toMatchObject({ code: 'password_sign_in_off' });
	await portal.access.stop();
	expect(await sent()).toBe(before);
	expect(await forgot('chief')).toMatchObject({ code: 'password_sign_in_off' });
	await portal.access.stop();
	expect(await sent()).toBe(before + 1);
	const token = tokenIn(await newestMail());
	expect(
		(await ask('/api/password/link', undefined, { body: { purpose: 'reset', token } })).body,
	).toMatchObject({ state: 'valid' });
});

test('the sessions of an account that reaches further count elsewhere, and here no more', async () => {
	await newMember('both-admin');
	await newMember('both');
	await newMember('both', 'operation', mountain);
	const both = await signIn('both');
	expect(await statusOf('/api/session', both)).toBe(200);
	expect(await statusOf('/api/session', both, mountainHost)).toBe(200);
	await giveUpPasswords(await signIn('both-admin'), 'both-admin');
	expect(await statusOf('/api/session', both)).toBe(401);
	expect(await statusOf('/api/session', both, mountainHost)).toBe(200);
	// At a host of nobody the first counts by whose policy a password opens anything.
	expect((await ask('/api/session', both, { host: 'nobody.example' })).body).toMatchObject({
		organization: { name: 'Mountain' },
	});
	expect((await passwordSignIn('both', password, 'nobody.example')).status).toBe(200);
	// Who has nothing else hears why, given the right password alone.
	const refused = await passwordSignIn('both-admin', password, 'nobody.example');
	expect(await refused.json()).toMatchObject({ code: 'password_sign_in_off' });
	expect((await passwordSignIn('both-admin', 'wrong', 'nobody.example')).status).toBe(401);
});

test('the second step of a sign-in that passwords were given up in the middle of opens nothing', async () => {
	await newMember('middle-admin');
	await newMember('middle');
	const app = await setUpFactor(await signIn('middle'));
	const first = await passwordSignIn('middle');
	expect(first.status).toBe(202);
	const step = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
	await giveUpPasswords(await signIn('middle-admin'), 'middle-admin');
	nowMs += stepMs;
	const code = app.generate({ timestamp: nowMs });
	expect(await ask('/api/auth/second-step', step, { body: { code } })).toMatchObject({
		code: 'password_sign_in_off',
	});
});

test('while passwords are off the provider stays, and newcomers are told of it', async () => {
	await newMember('stays-admin');
	await giveUpPasswords(await signIn('stays-admin'), 'stays-admin');
	const admin = await signInAtProvider('stays-admin');
	const needed = {
		status: 409,
		code: 'provider_needed',
		detail: expect.stringContaining('Works is the only way in'),
	};
	const confirm = 'Confirm';
	expect(await ask(removeSignInProvider.path, admin, { body: { confirm } })).toMatchObject(needed);
	expect(await configure(admin, known(), { ...settings(), isEnabled: false })).toMatchObject(
		needed,
	);
	expect(
		await configure(admin, known(), { ...settings(), domains: ['example.net'] }),
	).toMatchObject(needed);
	expect((await configure(admin, known(), { ...settings(), label: 'Plant' })).status).toBe(200);
	const userId = await newMember('newcomer');
	const invitation = await inviteAnew(userId);
	expect(invitation).toContain('Sign in with Plant');
	expect(invitation).not.toContain('activate');
	expect((await change(admin, providerOnly, open)).status).toBe(200);
	expect((await ask(removeSignInProvider.path, admin, { body: { confirm } })).status).toBe(200);
	expect((await passwordSignIn('stays-admin')).status).toBe(200);
});

test('a change is confirmed, kept in the audit log, and the second of two editors is told', async () => {
	await newMember('editor');
	await newMember('reader', 'operation');
	const editor = await signIn('editor');
	expect((await change(editor, open, factorRequired, 'yes')).status).toBe(400);
	expect((await change(await signIn('reader'), open, factorRequired)).status).toBe(403);
	await setUpFactor(editor);
	const [first, second] = await Promise.all([
		change(editor, open, factorRequired),
		change(editor, open, factorRequired),
	]);
	expect([first.status, second.status].sort()).toEqual([200, 409]);
	const lost = first.status === 409 ? first : second;
	expect(lost.detail).toContain('the second factor is now required');
	const { rows } = await db.pool.query(
		`select subject_id, before, after from audit_entry
		where action = 'sign_in_policy.change' and user_email = 'editor@example.com'`,
	);
	expect(rows).toEqual([{ subject_id: 'Harbour', before: open, after: factorRequired }]);
});

test('no host name in another spelling lets a password in where none is used', async () => {
	await newMember('spelling-admin');
	await newMember('spelling', 'operation');
	await giveUpPasswords(await signIn('spelling-admin'), 'spelling-admin');
	const spellings = [
		'HARBOUR.example',
		`${harbourHost}.`,
		`${harbourHost}:80`,
		'h%61rbour.example',
		'%EF%BD%88arbour.example',
		mountainHost,
		'127.0.0.1',
	];
	for (const host of spellings) {
		await db.pool.query('delete from sign_in_attempt');
		const answer = await portal.send('/api/auth/sign-in/email', {
			host,
			body: { email: emailOf('spelling'), password },
		});
		expect(answer.status).not.toBe(429);
		const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
		for (const asked of [harbourHost, mountainHost, 'nobody.example'])
			expect([host, asked, await statusOf('/api/session', cookie, asked)]).not.toEqual([
				host,
				asked,
				200,
			]);
	}
});

test('an activation link from before opens nothing while passwords are off, and everything after', async () => {
	await newMember('link-admin');
	const userId = await newMember('link-newcomer', 'operation');
	await db.pool.query('update auth_user set "emailVerified" = false where id = $1', [userId]);
	const token = tokenIn(await inviteAnew(userId));
	const activate = () =>
		ask('/api/account/activate', undefined, { body: { token, password: `${password} two` } });
	await giveUpPasswords(await signIn('link-admin'), 'link-admin');
	expect(await activate()).toMatchObject({ status: 403, code: 'password_sign_in_off' });
	expect(await passwordSignIn('link-newcomer')).toMatchObject({ status: 403 });
	const admin = await signInAtProvider('link-admin');
	expect((await change(admin, providerOnly, open)).status).toBe(200);
	expect(await activate()).toMatchObject({ status: 200 });
	expect((await passwordSignIn('link-newcomer', `${password} two`)).status).toBe(200);
});

test('who signs in while the policy changes is held to the new one', async () => {
	await newMember('race-admin');
	await newMember('race', 'operation');
	const admin = await signIn('race-admin');
	await setUpFactor(admin);
	const [coming, changed] = await Promise.all([
		passwordSignIn('race'),
		change(admin, open, factorRequired),
	]);
	expect([coming.status, changed.status]).toEqual([200, 200]);
	const cookie = coming.headers.getSetCookie()[0]?.split(';')[0] ?? '';
	expect(await ask('/api/admin/audit', cookie)).toMatchObject({ code: 'second_factor_needed' });
	expect(await refusedUpgrade(cookie)).toBe(403);
});

test('giving up passwords and removing the provider at once leaves a way in', async () => {
	await newMember('both-ways');
	const admin = await signIn('both-ways');
	await configure(admin, null, settings());
	const byProvider = await signInAtProvider('both-ways');
	const remove = () => ask(removeSignInProvider.path, admin, { body: { confirm: 'Confirm' } });
	const [given, removed] = await Promise.all([change(byProvider, open, providerOnly), remove()]);
	expect([given.status, removed.status].filter((status) => status === 200)).toHaveLength(1);
	const { rows } = await db.pool.query(
		`select (select count(*)::integer from sign_in_provider) as providers,
			(select count(*)::integer from sign_in_policy where not allows_password) as closed`,
	);
	expect([
		{ providers: 1, closed: 1 },
		{ providers: 0, closed: 0 },
	]).toContainEqual(rows[0]);
});
