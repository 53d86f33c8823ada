import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createMember, type NewMember } from '#modules/users/server/index.ts';
import { createDatabase, createPool } from '#platform/database/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { openDatabaseLine } from '../../../../tests/harness/database-line.ts';
import { foundOrganization } from '../../../../tests/harness/organization.ts';
import {
	startPortal,
	type TestPortal,
	type TestPortalOptions,
} from '../../../../tests/harness/portal.ts';
import { until } from '../../../../tests/harness/until.ts';
import { showPortal, showSession } from '../contract.ts';

const noBrand = { colour: null, logo: null, support: { name: null, email: null, phone: null } };
const password = 'correct horse battery staple';
let db: TestDatabase;
let harbour: number;
let mountain: number;
const portals: TestPortal[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	harbour = await foundOrganization(db.database, 'Harbour', [
		'harbour.example',
		'HARBOUR2.example',
	]);
	mountain = await foundOrganization(db.database, 'Mountain', ['mountain.example']);
});
afterEach(async () => {
	await Promise.all(portals.splice(0).map((portal) => portal.close()));
});
afterAll(() => db.drop());

let members = 0;
async function newMember(parts: Partial<NewMember> = {}): Promise<string> {
	members += 1;
	const email = `member${members}@example.com`;
	await createMember(db.database, {
		organizationNo: harbour,
		name: `Member ${members}`,
		email,
		password,
		role: 'admin',
		dealerNo: null,
		customerNos: null,
		...parts,
	});
	return parts.email ?? email;
}

async function start(options: TestPortalOptions = {}): Promise<TestPortal> {
	const portal = await startPortal(db, options);
	portals.push(portal);
	return portal;
}

const trySignIn = (portal: TestPortal, email: string, tried: string, headers = {}) =>
	portal.send('/api/auth/sign-in/email', { body: { email, password: tried }, headers });
/** The session's token, which the cookie holds before its signature. */
const tokenOf = (cookie: string) =>
	decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
const signOut = (portal: TestPortal, cookie: string) =>
	portal.send('/api/auth/sign-out', { cookie, body: {} });
const statusOf = async (answer: Promise<Response>) => (await answer).status;

test('signs in, says who one is, and signs out at once', async () => {
	const portal = await start();
	const email = await newMember({ name: 'Asha' });
	expect(await statusOf(portal.send('/api/session'))).toBe(401);

	const cookie = await portal.signIn(email.toUpperCase(), password);
	const session = await portal.send('/api/session', { cookie });
	expect(showSession.reply.parse(await session.json())).toEqual({
		user: { email, name: 'Asha' },
		role: 'admin',
		misRole: 'user',
		organization: {
			name: 'Harbour',
			timeZone: 'Asia/Kolkata',
			country: 'IN',
			locale: 'en-IN',
			currency: null,
			modules: [],
			...noBrand,
		},
		enteredFrom: null,
		ownTiles: null,
		lacksSecondFactor: false,
	});

	const out = await signOut(portal, cookie);
	expect(out.status).toBe(200);
	expect(out.headers.getSetCookie().join()).toContain('Max-Age=0');
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(401);
});

test('keeps sessions in cookies that scripts cannot read, secure where the portal is', async () => {
	const email = await newMember();
	const plain = await trySignIn(await start(), email, password);
	expect(plain.headers.getSetCookie()).toEqual([
		expect.stringMatching(
			/^portal_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
		),
	]);
	const secure = await trySignIn(
		await start({ publicUrl: 'https://harbour.example' }),
		email,
		password,
	);
	expect(secure.headers.getSetCookie()).toEqual([
		expect.stringMatching(
			/^__Host-portal_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
		),
	]);
});

test('takes no cookie but its own', async () => {
	const portal = await start();
	const cookie = await portal.signIn(await newMember(), password);
	const [name = '', value = ''] = cookie.split('=');
	const [token] = decodeURIComponent(value).split('.');
	for (const forged of [
		`${name}=${token}`,
		`${name}=${token}.`,
		`${name}=${token}.${'A'.repeat(43)}%3D`,
		`${name}=`,
		`${name}=%`,
	])
		expect(await statusOf(portal.send('/api/session', { cookie: forged }))).toBe(401);
	// Another installation has another secret.
	const other = await start();
	expect(await statusOf(other.send('/api/session', { cookie }))).toBe(401);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
});

test('ends sessions after their time, and prolongs them while they are used', async () => {
	let nowMs = 0;
	// Each request comes long after the one before, so that none is answered from memory.
	const clock = () => {
		nowMs += 60_000;
		return nowMs;
	};
	const portal = await start({ clock });
	const cookie = await portal.signIn(await newMember(), password);
	const shift = (days: number) =>
		db.database
			.updateTable('auth_session')
			.set({ expiresAt: sql`now() + make_interval(days => ${days})` })
			.where('token', '=', tokenOf(cookie))
			.execute();
	await shift(5);
	const prolonged = await portal.send('/api/session', { cookie });
	expect(prolonged.headers.getSetCookie().join()).toContain('Max-Age=604800');
	const again = await portal.send('/api/session', { cookie });
	expect(again.headers.getSetCookie()).toEqual([]);
	await shift(-1);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(401);
});

test('ends sessions after their longest time however much they are used', async () => {
	let nowMs = 0;
	const portal = await start({ clock: () => (nowMs += 60_000) });
	const cookie = await portal.signIn(await newMember(), password);
	const begin = (days: number) =>
		db.database
			.updateTable('auth_session')
			.set({ createdAt: sql`now() - make_interval(days => ${days}, hours => -1)` })
			.where('token', '=', tokenOf(cookie))
			.execute();
	await begin(30);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
	await begin(31);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(401);
});

test('a new sign-in ends the session that it came with, and no other', async () => {
	const portal = await start();
	const email = await newMember();
	const elsewhere = await portal.signIn(email, password);
	const before = await portal.signIn(email, password);
	const again = (tried: string) =>
		portal.send('/api/auth/sign-in/email', { cookie: before, body: { email, password: tried } });
	expect(await statusOf(again('not the password'))).toBe(401);
	expect(await statusOf(portal.send('/api/session', { cookie: before }))).toBe(200);
	expect(await statusOf(again(password))).toBe(200);
	expect(await statusOf(portal.send('/api/session', { cookie: before }))).toBe(401);
	expect(await statusOf(portal.send('/api/session', { cookie: elsewhere }))).toBe(200);
});

test('removes what has ended and keeps the rest', async () => {
	const portal = await start();
	const email = await newMember();
	const [kept, expired, old] = [
		await portal.signIn(email, password),
		await portal.signIn(email, password),
		await portal.signIn(email, password),
	];
	const change = (cookie: string, to: { expiresAt?: Date; createdAt?: Date }) =>
		db.database.updateTable('auth_session').set(to).where('token', '=', tokenOf(cookie)).execute();
	await change(expired, { expiresAt: new Date(Date.now() - 1000) });
	await change(old, { createdAt: new Date(Date.now() - 31 * 24 * 3_600_000) });
	const { database } = db;
	await database
		.insertInto('auth_rate_limit')
		.values([
			{ id: 'past', key: 'past', count: 1, lastRequest: Date.now() - 11 * 60_000 },
			{ id: 'now', key: 'now', count: 1, lastRequest: Date.now() },
		])
		.execute();
	await portal.access.maintain();
	const sessions = await database.selectFrom('auth_session').select('token').execute();
	const tokens = sessions.map(({ token }) => token);
	expect(tokens).toContain(tokenOf(kept));
	expect(tokens).not.toContain(tokenOf(expired));
	expect(tokens).not.toContain(tokenOf(old));
	const counts = await database.selectFrom('auth_rate_limit').select('key').execute();
	const keys = counts.map(({ key }) => key);
	expect(keys).toContain('now');
	expect(keys).not.toContain('past');
});

test('asks the database once for a burst of requests', async () => {
	let nowMs = 1_000_000;
	const portal = await start({ clock: () => nowMs });
	const email = await newMember();
	const cookie = await portal.signIn(email, password);
	const rename = (name: string) =>
		sql`update membership set name = ${name} where user_id = (
			select "id" from auth_user where "email" = ${email}
		)`.execute(db.database);
	const name = async () => (await portal.access.identify({ cookie }, 'x'))?.name;
	await rename('First');
	expect(await name()).toBe('First');
	await rename('Second');
	nowMs += 1_999;
	expect(await name()).toBe('First');
	nowMs += 1;
	expect(await name()).toBe('Second');
});

test('the host decides for which organization one acts', async () => {
	const portal = await start();
	const both = await newMember({ role: 'operation' });
	await newMember({ email: both, organizationNo: mountain, role: 'admin' });
	const cookie = await portal.signIn(both, password);
	const organizationAt = async (host: string) => {
		const answer = await portal.send('/api/session', { cookie, host });
		const { organization, role } = showSession.reply.parse(await answer.json());
		return `${organization.name} ${role}`;
	};
	expect(await organizationAt('harbour.example')).toBe('Harbour operation');
	expect(await organizationAt('mountain.example:8443')).toBe('Mountain admin');
	expect(await organizationAt('harbour2.example')).toBe('Harbour operation');
	expect(await organizationAt('unmapped.example')).toBe('Harbour operation');

	const only = await portal.signIn(await newMember(), password);
	const foreign = await portal.send('/api/session', { cookie: only, host: 'mountain.example' });
	expect(foreign.status).toBe(403);
	expect(await foreign.json()).toMatchObject({ code: 'no_membership' });
	const unmapped = await portal.send('/api/session', { cookie: only, host: 'unmapped.example' });
	expect(unmapped.status).toBe(200);
});

test('signs in under every host of the installation, and refuses foreign pages', async () => {
	const portal = await start({ publicUrl: 'http://public.example' });
	const email = await newMember();
	for (const host of ['harbour.example', 'mountain.example:8443', 'localhost:8080']) {
		const answer = portal.send('/api/auth/sign-in/email', { host, body: { email, password } });
		expect(await statusOf(answer)).toBe(200);
	}
	const cookie = await portal.signIn(email, password);
	// Behind a proxy that ends TLS the origin's scheme is another; a program sends no origin at all.
	const body = JSON.stringify({ email, password });
	for (const origin of [`https://${new URL(portal.url).host}`, null]) {
		const headers = new Headers({ 'content-type': 'application/json' });
		if (origin !== null) headers.set('origin', origin);
		const answer = fetch(`${portal.url}/api/auth/sign-in/email`, { method: 'POST', headers, body });
		expect(await statusOf(answer)).toBe(200);
	}
	const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
	const refused = await trySignIn(portal, email, password, foreign);
	expect(refused.status).toBe(403);
	expect(await refused.json()).toMatchObject({ code: 'foreign_origin' });
	const out = portal.send('/api/auth/sign-out', { cookie, body: {}, headers: foreign });
	expect(await statusOf(out)).toBe(403);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
});

test('a role brings its scope', async () => {
	const portal = await start();
	const dealerNo = await createDealer(db.database, harbour, { name: 'North', city: null });
	const customerNos: number[] = [];
	for (const name of ['One', 'Two'])
		customerNos.push(
			await createCustomer(db.database, harbour, {
				name,
				dealerNo: null,
				email: null,
				mobile: null,
				address: null,
				city: null,
				pinCode: null,
			}),
		);
	const scopeOf = async (parts: Partial<NewMember>) => {
		const cookie = await portal.signIn(await newMember(parts), password);
		return (await portal.access.identify({ cookie }, 'localhost'))?.scope;
	};
	const everything = {
		organizationNo: harbour,
		dealerNo: null,
		customerNos: null,
		deviceNos: null,
	};
	expect(await scopeOf({ role: 'super_admin' })).toEqual(everything);
	expect(await scopeOf({ role: 'dealer', dealerNo })).toEqual({ ...everything, dealerNo });
	expect(await scopeOf({ role: 'operation', customerNos })).toEqual({ ...everything, customerNos });
	expect(await scopeOf({ role: 'customer', customerNos: customerNos.slice(1) })).toEqual({
		...everything,
		customerNos: customerNos.slice(1),
	});
	expect(await scopeOf({ role: 'b2b', customerNos: [] })).toEqual({
		...everything,
		customerNos: [],
	});
	// What would widen a role beyond its scope cannot be stored.
	await expect(newMember({ role: 'customer' })).rejects.toThrow(/check/);
	await expect(newMember({ role: 'dealer' })).rejects.toThrow(/check/);
	await expect(newMember({ role: 'admin', dealerNo })).rejects.toThrow(/check/);
});

test('an unknown e-mail and a wrong password are answered alike', async () => {
	const portal = await start();
	const email = await newMember();
	const answerTo = async (tried: string) => {
		const answer = await trySignIn(portal, tried, 'not the password');
		return { status: answer.status, body: await answer.text() };
	};
	const wrong = await answerTo(email);
	expect(wrong).toEqual(await answerTo('nobody@example.com'));
	expect(wrong.status).toBe(401);
	expect(wrong.body).toContain('INVALID_EMAIL_OR_PASSWORD');

	// Both cost one scrypt; without it the unknown e-mail would answer many times faster. What else the machine does
	// while they are answered is none of their work.
	const tried = [email, 'nobody@example.com'] as const;
	const leastWork = [Infinity, Infinity];
	for (let round = 0; round < 7; round += 1)
		for (const [index, each] of tried.entries()) {
			const before = process.cpuUsage();
			await answerTo(each);
			const { user, system } = process.cpuUsage(before);
			leastWork[index] = Math.min(leastWork[index] ?? 0, user + system);
		}
	expect(Math.min(...leastWork) / Math.max(...leastWork)).toBeGreaterThan(0.4);
});

test('limits tries per account from whatever addresses, until a minute has passed', async () => {
	const portal = await start({ signInLimits: { perAddress: 1000, perAccount: 3 } });
	const email = await newMember();
	const from = (address: number) => ({ 'x-forwarded-for': `192.0.2.${address}` });
	for (const tried of [email, 'stranger@example.com']) {
		for (let address = 1; address <= 3; address += 1)
			expect(await statusOf(trySignIn(portal, tried, 'wrong', from(address)))).toBe(401);
		const refused = await trySignIn(portal, tried.toUpperCase(), password, from(9));
		expect(refused.status).toBe(429);
		const waitSeconds = Number(refused.headers.get('retry-after'));
		expect(waitSeconds).toBeGreaterThan(0);
		expect(waitSeconds).toBeLessThanOrEqual(60);
		expect(await refused.json()).toMatchObject({ code: 'too_many_requests' });
	}
	await db.database
		.updateTable('sign_in_attempt')
		.set({ window_started_at: sql`window_started_at - interval '1 minute'` })
		.execute();
	for (let round = 0; round < 5; round += 1)
		expect(await statusOf(trySignIn(portal, email, password))).toBe(200);
});

test('limits tries side by side, too', async () => {
	const portal = await start({ signInLimits: { perAddress: 1000, perAccount: 3 } });
	const email = await newMember();
	const statuses = await Promise.all(
		Array.from({ length: 8 }, () => statusOf(trySignIn(portal, email, 'wrong'))),
	);
	expect(statuses.filter((status) => status === 401)).toHaveLength(3);
	expect(statuses.filter((status) => status === 429)).toHaveLength(5);
});

test('limits tries per address, for whatever accounts', async () => {
	const portal = await start({ signInLimits: { perAddress: 3, perAccount: 1000 } });
	const email = await newMember();
	const tryFrom = (address: string) =>
		trySignIn(portal, email, password, { 'x-forwarded-for': address });
	for (let round = 0; round < 3; round += 1)
		expect(await statusOf(tryFrom('198.51.100.1'))).toBe(200);
	const refused = await tryFrom('198.51.100.1');
	expect(refused.status).toBe(429);
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(await statusOf(tryFrom('198.51.100.2'))).toBe(200);
	const { rows } = await sql<{ key: string }>`select key from auth_rate_limit`.execute(db.database);
	expect(rows.map((row) => row.key)).toContain('198.51.100.1|/sign-in/email');
	// Only the header that a proxy sets counts, not the one under which better-auth is told.
	const spoofed = await trySignIn(portal, email, password, {
		'x-forwarded-for': '198.51.100.1',
		'x-client-address': '198.51.100.3',
	});
	expect(spoofed.status).toBe(429);
});

test('offers nothing of sign-in but what the product uses', async () => {
	const portal = await start();
	const cookie = await portal.signIn(await newMember(), password);
	for (const path of ['sign-up/email', 'update-user', 'change-password', 'delete-user', 'error'])
		expect(
			await statusOf(
				portal.send(`/api/auth/${path}`, {
					cookie,
					body: { email: 'new@example.com', password, name: 'New' },
				}),
			),
		).toBe(404);
	expect(await statusOf(portal.send('/api/auth/get-session', { cookie }))).toBe(404);
});

test('names the portal by its host', async () => {
	const portal = await start({ needsSetup: async () => true });
	const at = async (host: string) =>
		showPortal.reply.parse(await (await portal.send('/api/portal', { host })).json());
	expect(await at('mountain.example')).toEqual({
		name: 'Mountain',
		...noBrand,
		version: '1.2.3',
		needsSetup: true,
		provider: null,
		allowsPassword: true,
	});
	expect((await at('unmapped.example')).name).toBe('Quarterdeck');
});

test('says so while the database is away, before and after that is noticed', async () => {
	const line = await openDatabaseLine(db.url);
	const pool = createPool(line.url, 'test', 5);
	let isUp = true;
	const portal = await startPortal(
		{ ...db, pool, database: createDatabase(pool) },
		// Time stands still, so that whoever was recognised before is, too.
		{ isDatabaseUp: () => isUp, clock: () => 0 },
	);
	portals.push(portal);
	const email = await newMember();
	const cookie = await portal.signIn(email, password);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
	await line.cut();
	for (const noticed of [false, true]) {
		isUp = !noticed;
		const answers = await Promise.all([
			portal.send('/api/session', { cookie }),
			portal.send('/api/portal'),
			trySignIn(portal, email, password),
			signOut(portal, cookie),
		]);
		for (const answer of answers) {
			expect(answer.status).toBe(503);
			expect(answer.headers.get('retry-after')).toBe('5');
			expect(await answer.json()).toMatchObject({ code: 'database_unavailable' });
		}
	}
	isUp = true;
	await line.restore();
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
	expect(await statusOf(signOut(portal, cookie))).toBe(200);
	await line.close();
	await pool.end();
});

test('keeps its secret to its owner, and logs neither passwords nor sessions', async () => {
	const portal = await start();
	expect((await stat(join(portal.dataDir, 'auth-secret'))).mode & 0o777).toBe(0o600);
	const email = await newMember();
	const cookie = await portal.signIn(email, password);
	await trySignIn(portal, email, 'a mistyped secret');
	await portal.send('/api/session', { cookie });
	await signOut(portal, cookie);
	const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
	// A request is logged once its answer is out.
	await until(() => expect(portal.logged()).toContain('/api/auth/sign-out'));
	expect(portal.logged()).toContain('/api/auth/sign-in/email');
	for (const secret of [password, 'a mistyped secret', token, email])
		expect(portal.logged()).not.toContain(secret);
	// better-auth finds its tables as it expects them.
	expect(portal.logged()).not.toMatch(/"level":[56]0/);
});
