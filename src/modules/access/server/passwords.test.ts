import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import type { DB } from '#platform/database/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { linkIn } from '../../../../tests/harness/mail-server.ts';
import {
	type PortalRequest,
	startPortal,
	type TestPortal,
	type TestPortalOptions,
} from '../../../../tests/harness/portal.ts';
import { until } from '../../../../tests/harness/until.ts';
import { checkAccountLink } from '../contract.ts';
import { linkBaseFor } from './link-base.ts';

const password = 'correct horse battery staple';
const newPassword = 'a boat full of red bicycles';
let db: TestDatabase;
let harbour: number;
let mountain: number;
let portals: TestPortal[] = [];
let changed: string[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	harbour = await newOrganization('Harbour Fleet', ['harbour.example', 'www.harbour.example']);
	mountain = await newOrganization('Mountain', []);
});
afterEach(async () => {
	await Promise.all(portals.map((portal) => portal.close()));
	portals = [];
	changed = [];
	await db.pool.query('delete from link_attempt');
});
afterAll(() => db.drop());

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

let people = 0;
async function newMember(organizationNo = harbour): Promise<{ email: string; userId: string }> {
	people += 1;
	const email = `person${people}@example.com`;
	const userId = await createMember(db.database, {
		organizationNo,
		name: `Person ${people}`,
		email,
		password,
		role: 'operation',
		dealerNo: null,
		customerNos: null,
	});
	return { email, userId };
}

/** Somebody who was invited: an account without a password. */
async function newInvited(organizationNo = harbour): Promise<{ email: string; userId: string }> {
	people += 1;
	const email = `person${people}@example.com`;
	const userId = randomUUID();
	await db.database
		.insertInto('auth_user')
		.values({ id: userId, name: '', email, emailVerified: false })
		.execute();
	await db.database
		.insertInto('membership')
		.values({
			user_id: userId,
			organization_no: organizationNo,
			role: 'operation',
			dealer_no: null,
			all_customers: true,
		})
		.execute();
	return { email, userId };
}

async function start(options: TestPortalOptions = {}): Promise<TestPortal> {
	const portal = await startPortal(db, {
		onAccessChanged: (userId) => changed.push(userId),
		...options,
	});
	portals.push(portal);
	return portal;
}

const forgot = (portal: TestPortal, email: string, request: PortalRequest = {}) =>
	portal.send('/api/password/forgot', { body: { email }, ...request });

const mailsTo = (email: string) =>
	db.database
		.selectFrom('mail')
		.selectAll()
		.where('recipient', '=', email)
		.orderBy('mail_no')
		.execute();

/** The link of the newest mail to somebody who has got so many. */
async function newestLink(email: string, mails: number): Promise<URL> {
	return until(async () => {
		const found = await mailsTo(email);
		expect(found).toHaveLength(mails);
		return new URL(linkIn({ text: found.at(-1)?.text ?? '' }));
	});
}

/** Asks for a link to reset the password, and waits for its mail. */
async function askFor(portal: TestPortal, email: string, request?: PortalRequest): Promise<URL> {
	const { length } = await mailsTo(email.toLowerCase());
	expect((await forgot(portal, email, request)).status).toBe(200);
	return newestLink(email.toLowerCase(), length + 1);
}

async function tokenFor(portal: TestPortal, email: string): Promise<string> {
	return (await askFor(portal, email)).hash.slice(1);
}

const reset = (portal: TestPortal, token: string, chosen = newPassword) =>
	portal.send('/api/password/reset', { body: { token, password: chosen } });
const activate = (portal: TestPortal, token: string, chosen = newPassword) =>
	portal.send('/api/account/activate', { body: { token, password: chosen } });
const stateOf = async (portal: TestPortal, purpose: 'reset' | 'activate', token: string) => {
	const answer = await portal.send('/api/password/link', { body: { purpose, token } });
	return checkAccountLink.reply.parse(await answer.json());
};
const canSignIn = async (portal: TestPortal, email: string, tried: string) =>
	(await portal.send('/api/auth/sign-in/email', { body: { email, password: tried } })).ok;
const auditedOf = async (email: string) =>
	(
		await db.database
			.selectFrom('audit_entry')
			.select(['action', 'acting_as', 'organization_no', 'ip'])
			.where('subject_id', '=', email)
			.orderBy('audit_no')
			.execute()
	).map(({ action }) => action);

test('a link resets the password once, ends all sessions, and is audited', async () => {
	const portal = await start();
	const { email, userId } = await newMember();
	const cookie = await portal.signIn(email, password);
	const token = await tokenFor(portal, email.toUpperCase());
	expect(await stateOf(portal, 'reset', token)).toEqual({
		state: 'valid',
		account: { email, organizationName: 'Harbour Fleet' },
	});
	// A link is for one purpose.
	expect(await stateOf(portal, 'activate', token)).toMatchObject({ state: 'unknown' });
	expect((await activate(portal, token)).status).toBe(410);

	const answer = await reset(portal, token);
	expect([answer.status, await answer.json()]).toEqual([200, { email }]);
	expect(changed).toEqual([userId]);
	expect((await portal.send('/api/session', { cookie })).status).toBe(401);
	expect(await canSignIn(portal, email, password)).toBe(false);
	expect(await canSignIn(portal, email, newPassword)).toBe(true);

	const again = await reset(portal, token, 'yet another sentence here');
	expect([again.status, await again.json()]).toEqual([
		410,
		expect.objectContaining({
			code: 'link_ended',
			detail: expect.stringContaining('used already'),
		}),
	]);
	expect(await stateOf(portal, 'reset', token)).toEqual({ state: 'used', account: null });
	expect(await auditedOf(email)).toEqual([
		'session.sign_in',
		'password.reset_request',
		'password.reset',
		'session.sign_in',
	]);
	const [mail] = await mailsTo(email);
	expect(mail?.sender_name).toBe('Harbour Fleet');
	expect(mail?.subject).toBe('Reset your password for Harbour Fleet');
	expect(`${mail?.text}${mail?.html}${mail?.subject}`).not.toMatch(/quarterdeck/i);
	for (const secret of [token, newPassword, email]) expect(portal.logged()).not.toContain(secret);
});

test('only the hash of a token is kept outside the mail', async () => {
	const portal = await start();
	const { email } = await newMember();
	const token = await tokenFor(portal, email);
	const { rows } = await db.pool.query('select l::text as line from account_link l');
	for (const { line } of rows) {
		expect(line).not.toContain(token);
		expect(line).not.toContain(Buffer.from(token).toString('hex'));
	}
});

test('of two people with one link, one sets the password', async () => {
	const portal = await start();
	const { email } = await newMember();
	const token = await tokenFor(portal, email);
	const chosen = Array.from({ length: 6 }, (_, i) => `sentence number ${i} of several`);
	const answers = await Promise.all(chosen.map((each) => reset(portal, token, each)));
	const statuses = answers.map(({ status }) => status);
	expect(statuses.toSorted()).toEqual([200, 410, 410, 410, 410, 410]);
	const winner = chosen[statuses.indexOf(200)] ?? '';
	expect(await canSignIn(portal, email, winner)).toBe(true);
});

test('a sign-in with the old password that a reset overtakes leaves no session', async () => {
	const portal = await start();
	const { email, userId } = await newMember();
	const token = await tokenFor(portal, email);
	const holder = await db.pool.connect();
	try {
		await holder.query('begin');
		await holder.query('select from auth_user where id = $1 for update', [userId]);
		const resetting = reset(portal, token);
		await lockWaiters(1);
		// The old password is right still; only its session has to wait.
		const signingIn = portal.send('/api/auth/sign-in/email', { body: { email, password } });
		await lockWaiters(2);
		await holder.query('commit');
		expect((await resetting).status).toBe(200);
		const answer = await signingIn;
		expect(await answer.json()).toMatchObject({ status: 409, code: 'sign_in_overtaken' });
		expect(answer.headers.getSetCookie()).toEqual([]);
	} finally {
		holder.release();
	}
	const { rows } = await db.pool.query('select from auth_session where "userId" = $1', [userId]);
	expect(rows).toEqual([]);
	expect(await canSignIn(portal, email, newPassword)).toBe(true);
});

/** Waits until so many statements of this database wait for somebody's lock. */
function lockWaiters(count: number): Promise<void> {
	return until(async () => {
		const { rows } = await db.pool.query(
			`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
		);
		expect(rows).toHaveLength(count);
	});
}

test('a newer request ends the older link and the text of its mail', async () => {
	const portal = await start();
	const { email } = await newMember();
	const first = await tokenFor(portal, email);
	const second = await tokenFor(portal, email);
	expect(await stateOf(portal, 'reset', first)).toMatchObject({ state: 'replaced' });
	expect((await reset(portal, first)).status).toBe(410);
	const { rows } = await db.pool.query(
		'select body_until <= now() as "isPast" from mail where recipient = $1 order by mail_no',
		[email],
	);
	expect(rows).toEqual([{ isPast: true }, { isPast: false }]);
	expect((await reset(portal, second)).status).toBe(200);
});

test('requests at once leave one link that works', async () => {
	const portal = await start();
	const { email } = await newMember();
	await Promise.all([1, 2, 3].map(() => forgot(portal, email)));
	await newestLink(email, 3);
	const states = await Promise.all(
		(await mailsTo(email)).map(async (mail) => {
			const token = new URL(linkIn({ text: mail.text ?? '' })).hash.slice(1);
			return (await stateOf(portal, 'reset', token)).state;
		}),
	);
	expect(states.sort()).toEqual(['replaced', 'replaced', 'valid']);
});

test('a link expires after its time', async () => {
	const portal = await start();
	const { email } = await newMember();
	const token = await tokenFor(portal, email);
	const { rows } = await db.pool.query(
		`select extract(epoch from expires_at - now())::float8 / 60 as minutes
		from account_link where user_id = (select id from auth_user where email = $1)`,
		[email],
	);
	expect(rows).toHaveLength(1);
	expect(rows[0].minutes).toBeGreaterThan(55);
	expect(rows[0].minutes).toBeLessThanOrEqual(60);
	await sql`update account_link set expires_at = now() where token_hash = sha256(${token}::bytea)`.execute(
		db.database,
	);
	expect(await stateOf(portal, 'reset', token)).toEqual({ state: 'expired', account: null });
	expect((await reset(portal, token)).status).toBe(410);
	expect(await canSignIn(portal, email, password)).toBe(true);
});

test('a password that would be guessed is refused, and the link works on', async () => {
	const portal = await start();
	const { email } = await newMember();
	const token = await tokenFor(portal, email);
	for (const [chosen, why] of [
		['short', 'at least 12'],
		['1qaz2wsx3edc', 'lists of common'],
		['Harbour Fleet 2026', 'organization’s name'],
		[email, 'your e-mail'],
	] as const) {
		const answer = await reset(portal, token, chosen);
		expect([answer.status, await answer.json()]).toEqual([
			400,
			expect.objectContaining({
				fields: [{ path: 'body.password', message: expect.stringContaining(why) }],
			}),
		]);
	}
	expect((await reset(portal, token)).status).toBe(200);
});

test('an unknown address gets the same answer after the same statements, and no mail', async () => {
	const events: string[] = [];
	const database = new Kysely<DB>({
		dialect: new PostgresDialect({ pool: db.pool }),
		log: ({ query }) => {
			events.push(query.sql);
		},
	});
	const portal = await startPortal(
		{ ...db, database },
		{
			async add({ app }) {
				app.addHook('onResponse', async () => {
					events.push('answered');
				});
			},
		},
	);
	portals.push(portal);
	const { email } = await newMember();
	const { email: elsewhere } = await newMember(mountain);
	const answerTo = async (address: string) => {
		events.length = 0;
		const answer = await forgot(portal, address, { host: 'harbour.example' });
		await until(() => expect(events).toContain('commit'));
		const headers = [...answer.headers.keys()].sort();
		return {
			status: answer.status,
			text: await answer.text(),
			headers,
			statements: events.slice(0, events.indexOf('answered')),
			// What it takes to find out is done afterwards.
			next: events[events.indexOf('answered') + 1],
		};
	};
	const known = await answerTo(email);
	expect(known).toMatchObject({ status: 200, text: '{}', next: 'begin' });
	expect(known.statements).toEqual([
		expect.stringContaining('insert into "link_attempt"'),
		expect.stringContaining('insert into "link_attempt"'),
		expect.stringContaining('sign_in_policy'),
	]);
	expect(await answerTo('nobody@example.com')).toEqual(known);
	// Known, but not at this organization.
	expect(await answerTo(elsewhere)).toEqual(known);
	expect(await mailsTo(email)).toHaveLength(1);
	expect(await mailsTo('nobody@example.com')).toEqual([]);
	expect(await mailsTo(elsewhere)).toEqual([]);
	expect(await auditedOf('nobody@example.com')).toEqual([]);
});

test('requests are limited by account and by address, known or not, and say how long to wait', async () => {
	const portal = await start({ linkLimits: { perAccount: 2, perAddress: 5 } });
	const { email } = await newMember();
	for (const address of [email, 'unknown@example.com']) {
		const statuses = [];
		for (let i = 0; i < 3; i++) statuses.push((await forgot(portal, address)).status);
		expect(statuses).toEqual([200, 200, 429]);
	}
	await newestLink(email, 2);
	const answer = await forgot(portal, 'another@example.com');
	expect(answer.status).toBe(429);
	const seconds = Number(answer.headers.get('retry-after'));
	expect(seconds).toBeGreaterThan(800);
	expect(seconds).toBeLessThanOrEqual(900);
	expect(await answer.json()).toMatchObject({
		detail: `Too many attempts. Try again in ${seconds} s.`,
	});
	// One IPv6 connection has many addresses.
	const from = (address: string) =>
		forgot(portal, `${address.replaceAll(':', '-')}@example.com`, {
			headers: { 'x-forwarded-for': address },
		});
	const neighbours = [
		'2001:db8::1',
		'2001:db8:0:0:1::',
		'2001:db8::2:3',
		'2001:0db8::4',
		'2001:db8::5',
	];
	for (const address of neighbours) expect((await from(address)).status).toBe(200);
	expect((await from('2001:db8:0:0:ffff::1')).status).toBe(429);
	expect((await from('2001:db8:0:1::1')).status).toBe(200);
});

/** What this machine may be called, also where it has no network. */
const ownHosts = () => [
	...Object.values(networkInterfaces()).flatMap((each) =>
		(each ?? []).map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
	),
	'localhost',
];

test('links lead to hosts that are known to be ours, whatever Host says', async () => {
	const portal = await start();
	const port = new URL(portal.url).port;
	const { email } = await newMember();
	const originFor = async (host: string) => {
		return (await askFor(portal, email, { host })).origin;
	};
	expect(await originFor('www.harbour.example')).toBe(`http://www.harbour.example:${port}`);
	// A port of somebody else's on our host.
	expect(await originFor('harbour.example:6666')).toBe(`http://harbour.example:${port}`);
	expect(await originFor('evil.example')).toBe(`http://harbour.example:${port}`);
	expect(await originFor('harbour.example.evil.example')).toBe(`http://harbour.example:${port}`);

	const mountaineer = await newMember(mountain);
	const hostFor = async (host: string) => {
		return (await askFor(portal, mountaineer.email, { host })).hostname;
	};
	expect(await hostFor(`127.0.0.1:${port}`)).toBe('127.0.0.1');
	expect(await hostFor('localhost')).toBe('localhost');
	expect(ownHosts()).toContain(await hostFor('evil.example'));
});

test('no Host header leads a link anywhere else', async () => {
	const hostNames = fc.oneof(
		fc.string(),
		fc.webAuthority({ withPort: true, withIPv4: true, withIPv6: true, withUserInfo: true }),
		fc.string().map((text) => `harbour.example${text}`),
		fc.string().map((text) => `${text}harbour.example`),
	);
	await fc.assert(
		fc.asyncProperty(hostNames, async (host) => {
			const base = await linkBaseFor(db.database, harbour, host, { publicUrl: null, ownPort: 81 });
			expect(base).toMatch(/^http:\/\/(www\.)?harbour\.example:81$/);
			const own = await linkBaseFor(db.database, mountain, host, { publicUrl: null, ownPort: 81 });
			const { hostname, port } = new URL(own);
			expect(port).toBe('81');
			expect(ownHosts()).toContain(hostname);
		}),
	);
});

test('with PUBLIC_URL links lead there, or to a host of the organization', async () => {
	const portal = await start({ publicUrl: 'https://fleets.example:8443' });
	const { email } = await newMember();
	const { email: other } = await newMember(mountain);
	const originFor = async (address: string, host: string) => {
		return (await askFor(portal, address, { host })).origin;
	};
	expect(await originFor(email, 'harbour.example')).toBe('https://harbour.example:8443');
	expect(await originFor(email, 'evil.example')).toBe('https://fleets.example:8443');
	expect(await originFor(other, 'evil.example')).toBe('https://fleets.example:8443');
});

test('an invitation leads to the first password, once; a newer one replaces it', async () => {
	const portal = await start();
	const { email, userId } = await newInvited();
	const invite = () =>
		db.database.transaction().execute((transaction) =>
			portal.access.sendActivation(transaction, {
				userId,
				organizationNo: harbour,
				host: 'harbour.example',
			}),
		);
	const account = async () =>
		db.database
			.selectFrom('v_account')
			.selectAll()
			.where('user_id', '=', userId)
			.executeTakeFirstOrThrow();
	expect(await account()).toMatchObject({ is_activated: false, activation_sent_at: null });
	await invite();
	const first = (await newestLink(email, 1)).hash.slice(1);
	await invite();
	const link = await newestLink(email, 2);
	expect(link.pathname).toBe('/activate');
	expect(await stateOf(portal, 'activate', first)).toMatchObject({ state: 'replaced' });
	const { activation_sent_at, activation_expires_at } = await account();
	expect(Number(activation_expires_at) - Number(activation_sent_at)).toBe(7 * 24 * 3600 * 1000);
	expect(await canSignIn(portal, email, newPassword)).toBe(false);

	expect((await activate(portal, link.hash.slice(1))).status).toBe(200);
	expect(await canSignIn(portal, email, newPassword)).toBe(true);
	expect(await account()).toMatchObject({
		is_activated: true,
		activation_ended_by: 'used',
		last_sign_in_at: expect.any(Date),
	});
	expect((await activate(portal, link.hash.slice(1))).status).toBe(410);
	expect(await auditedOf(email)).toEqual(['account.activate', 'session.sign_in']);

	// Activated before: told of the access, with a way to sign in and no other link.
	await invite();
	const mail = (await mailsTo(email)).at(-1);
	expect(mail?.subject).toBe('Your access to Harbour Fleet');
	expect(Number(mail?.body_until) - Number(mail?.created_at)).toBe(7 * 24 * 3600 * 1000);
	expect((await newestLink(email, 3)).pathname).toBe('/sign-in');
});

test('an invitation is part of the transaction that makes it', async () => {
	const portal = await start();
	const { email, userId } = await newInvited();
	await expect(
		db.database.transaction().execute(async (transaction) => {
			await portal.access.sendActivation(transaction, {
				userId,
				organizationNo: harbour,
				host: 'harbour.example',
			});
			throw new Error('taken back');
		}),
	).rejects.toThrow('taken back');
	expect(await mailsTo(email)).toEqual([]);
});

test('whoever was invited and resets the password is activated, and the invitation ends', async () => {
	const portal = await start();
	const { email, userId } = await newInvited();
	await db.database.transaction().execute((transaction) =>
		portal.access.sendActivation(transaction, {
			userId,
			organizationNo: harbour,
			host: 'harbour.example',
		}),
	);
	const invitation = (await newestLink(email, 1)).hash.slice(1);
	const token = await tokenFor(portal, email);
	expect((await reset(portal, token)).status).toBe(200);
	expect(await stateOf(portal, 'activate', invitation)).toMatchObject({ state: 'replaced' });
	expect(await canSignIn(portal, email, newPassword)).toBe(true);
});

test('a link to somebody who has lost access no longer works', async () => {
	const portal = await start();
	const { email, userId } = await newMember();
	const token = await tokenFor(portal, email);
	await db.pool.query('delete from membership where user_id = $1', [userId]);
	expect(await stateOf(portal, 'reset', token)).toEqual({ state: 'unknown', account: null });
	expect((await reset(portal, token)).status).toBe(410);
});

test('tokens that nobody was given are refused, whatever they hold', async () => {
	const portal = await start();
	for (const token of ['x', "' or 1=1 --", '\u0000', 'é'.repeat(200), '%', '../..'])
		for (const send of [reset, activate]) {
			const { status } = await send(portal, token);
			expect([token, status]).toEqual([token, 410]);
		}
	for (const email of ['', 'no address', `${'a'.repeat(300)}@example.com`, 'a\u0000@example.com'])
		expect((await forgot(portal, email)).status).toBe(400);
});

test('maintenance forgets links and counts of long ago', async () => {
	const portal = await start();
	const { email } = await newMember();
	await tokenFor(portal, email);
	await db.pool.query(`update account_link set expires_at = now() - interval '61 days'`);
	await db.pool.query(`update link_attempt set window_started_at = now() - interval '16 minutes'`);
	await portal.access.maintain();
	const { rows } = await db.pool.query(`
		select (select count(*) from account_link)::integer as links,
			(select count(*) from link_attempt)::integer as attempts`);
	expect(rows).toEqual([{ links: 0, attempts: 0 }]);
});
