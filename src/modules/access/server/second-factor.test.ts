import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { foundOrganization } from '../../../../tests/harness/organization.ts';
import {
	startPortal,
	type TestPortal,
	type TestPortalOptions,
} from '../../../../tests/harness/portal.ts';
import { until } from '../../../../tests/harness/until.ts';
import {
	beginOwnSecondFactor,
	confirmOwnSecondFactor,
	listOwnSessions,
	renewOwnRecoveryCodes,
	showAccount,
} from '../contract.ts';
import { resetSecondFactor } from './index.ts';

const password = 'correct horse battery staple';
const stepMs = 30_000;

let db: TestDatabase;
let organizationNo: number;
let nowMs = Date.now();
const portals: TestPortal[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	organizationNo = await foundOrganization(db.database, 'Harbour', ['harbour.example']);
});
afterEach(async () => {
	await Promise.all(portals.splice(0).map((portal) => portal.close()));
});
afterAll(() => db.drop());

async function start(options: TestPortalOptions = {}): Promise<TestPortal> {
	const portal = await startPortal(db, { clock: () => nowMs, ...options });
	portals.push(portal);
	return portal;
}

let members = 0;
async function newMember(): Promise<{ email: string; userId: string }> {
	members += 1;
	const email = `member${members}@example.com`;
	const userId = await createMember(db.database, {
		organizationNo,
		name: `Member ${members}`,
		email,
		password,
		role: 'operation',
		dealerNo: null,
		customerNos: null,
	});
	return { email, userId };
}

interface Enrolled {
	readonly email: string;
	readonly userId: string;
	readonly cookie: string;
	readonly recoveryCodes: readonly string[];
	/** The next code, which was not used before. */
	code(): string;
}

async function enrol(portal: TestPortal): Promise<Enrolled> {
	const { email, userId } = await newMember();
	const cookie = await portal.signIn(email, password);
	const begun = await portal.send(beginOwnSecondFactor.path, {
		cookie,
		body: { password, code: null },
	});
	expect(begun.status).toBe(200);
	const { secret } = beginOwnSecondFactor.reply.parse(await begun.json());
	const app = new TOTP({ secret: Secret.fromBase32(secret) });
	const code = () => {
		nowMs += stepMs;
		return app.generate({ timestamp: nowMs });
	};
	const confirmed = await portal.send(confirmOwnSecondFactor.path, {
		cookie,
		body: { code: code() },
	});
	expect(confirmed.status).toBe(200);
	const { recoveryCodes } = confirmOwnSecondFactor.reply.parse(await confirmed.json());
	return { email, userId, cookie, recoveryCodes, code };
}

/** Sends the password. @returns the cookie that notes it */
async function firstStep(portal: TestPortal, email: string): Promise<string> {
	const answer = await portal.send('/api/auth/sign-in/email', { body: { email, password } });
	expect(answer.status).toBe(202);
	const cookies = answer.headers.getSetCookie();
	expect(cookies).toHaveLength(1);
	expect(cookies[0]).toMatch(
		/^portal_second_step=[\w-]+; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/,
	);
	return cookies[0]?.split(';')[0] ?? '';
}

const secondStep = (portal: TestPortal, cookie: string, code: string) =>
	portal.send('/api/auth/second-step', { cookie, body: { code } });
const sessionCookieOf = (answer: Response) =>
	answer.headers
		.getSetCookie()
		.find((cookie) => cookie.startsWith('portal_session='))
		?.split(';')[0] ?? '';
const statusOf = async (answer: Promise<Response>) => (await answer).status;
const sessionsOf = async (userId: string) =>
	(await db.database.selectFrom('auth_session').select('id').where('userId', '=', userId).execute())
		.length;

test('after the password a code is asked for, and no session exists before it', async () => {
	const portal = await start();
	const { email, userId, cookie, code } = await enrol(portal);
	const before = await sessionsOf(userId);
	const step = await firstStep(portal, email);
	expect(await sessionsOf(userId)).toBe(before);
	expect(await statusOf(portal.send('/api/session', { cookie: step }))).toBe(401);

	const answer = await secondStep(portal, step, code());
	expect(answer.status).toBe(200);
	expect(await answer.text()).toBe('{}');
	const session = sessionCookieOf(answer);
	expect(await statusOf(portal.send('/api/session', { cookie: session }))).toBe(200);
	expect(answer.headers.getSetCookie().join('\n')).toContain('portal_second_step=; Max-Age=0');
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
	const { rows } = await db.pool.query(
		`select after from audit_entry where user_id = $1 and action = 'session.sign_in' order by audit_no desc limit 1`,
		[userId],
	);
	expect(rows).toEqual([{ after: { by: 'code' } }]);
});

test('a wrong password is answered alike with and without a second factor', async () => {
	const portal = await start();
	const { email } = await enrol(portal);
	const answers = await Promise.all(
		[email, 'nobody@example.com'].map(async (tried) => {
			const answer = await portal.send('/api/auth/sign-in/email', {
				body: { email: tried, password: 'not the password' },
			});
			return [answer.status, await answer.text(), answer.headers.getSetCookie()];
		}),
	);
	expect(answers[0]).toEqual(answers[1]);
});

test('no code counts twice, nor one of before', async () => {
	const portal = await start();
	const { email, code } = await enrol(portal);
	const [first, second] = [await firstStep(portal, email), await firstStep(portal, email)];
	const used = code();
	const answers = await Promise.all([
		secondStep(portal, first, used),
		secondStep(portal, second, used),
	]);
	expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400]);
	expect(await statusOf(secondStep(portal, first, used))).toBe(400);
	const early = code();
	const later = code();
	expect(await statusOf(secondStep(portal, first, later))).toBe(200);
	const refused = await secondStep(portal, first, early);
	expect(refused.status).toBe(400);
	expect(await refused.json()).toMatchObject({ code: 'invalid_input' });
});

test('each recovery code opens once', async () => {
	const portal = await start();
	const { email, cookie, recoveryCodes } = await enrol(portal);
	const [code = '', other = ''] = recoveryCodes;
	const typed = code.toLowerCase().replaceAll('-', ' ');
	const step = await firstStep(portal, email);
	const answers = await Promise.all([
		secondStep(portal, step, typed),
		secondStep(portal, step, code),
	]);
	expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400]);
	const account = await portal.send(showAccount.path, { cookie });
	expect(showAccount.reply.parse(await account.json()).secondFactor).toEqual({
		isOn: true,
		isRequired: false,
		recoveryCodesLeft: 9,
	});
	// Others replace those that are left.
	const renewed = await portal.send(renewOwnRecoveryCodes.path, {
		cookie,
		body: { password, confirm: 'confirm' },
	});
	const { recoveryCodes: fresh } = renewOwnRecoveryCodes.reply.parse(await renewed.json());
	expect(await statusOf(secondStep(portal, step, other))).toBe(400);
	expect(await statusOf(secondStep(portal, step, fresh[0] ?? ''))).toBe(200);
});

test('it moves to another app by a code of the one of now, which counts until the other is proven', async () => {
	const portal = await start();
	const { email, userId, cookie, code, recoveryCodes } = await enrol(portal);
	const begin = (typed: string | null) =>
		portal.send(beginOwnSecondFactor.path, { cookie, body: { password, code: typed } });
	const confirm = (typed: string) =>
		portal.send(confirmOwnSecondFactor.path, { cookie, body: { code: typed } });
	expect(await statusOf(confirm(code()))).toBe(409);
	expect(await statusOf(begin(null))).toBe(400);
	expect(await statusOf(begin('000000'))).toBe(400);
	const begun = await begin(code());
	expect(begun.status).toBe(200);
	const { secret } = beginOwnSecondFactor.reply.parse(await begun.json());
	const app = new TOTP({ secret: Secret.fromBase32(secret) });
	const codeOfNext = () => {
		nowMs += stepMs;
		return app.generate({ timestamp: nowMs });
	};
	const step = await firstStep(portal, email);
	expect(await statusOf(secondStep(portal, step, codeOfNext()))).toBe(400);
	expect(await statusOf(secondStep(portal, step, code()))).toBe(200);
	expect(await statusOf(confirm(code()))).toBe(400);

	expect(await statusOf(confirm(codeOfNext()))).toBe(200);
	expect(await sessionsOf(userId)).toBe(1);
	const again = await firstStep(portal, email);
	expect(await statusOf(secondStep(portal, again, code()))).toBe(400);
	expect(await statusOf(secondStep(portal, again, recoveryCodes[0] ?? ''))).toBe(400);
	expect(await statusOf(secondStep(portal, again, codeOfNext()))).toBe(200);
	expect(await statusOf(confirm(codeOfNext()))).toBe(409);
});

test('after five wrong codes in a row even the right one waits, longer each time', async () => {
	const portal = await start();
	const { email, userId, code } = await enrol(portal);
	const step = await firstStep(portal, email);
	const tries = Array.from({ length: 9 }, () => statusOf(secondStep(portal, step, '000000')));
	const statuses = (await Promise.all(tries)).sort();
	expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429, 429, 429]);
	const refused = await secondStep(portal, step, code());
	expect(refused.status).toBe(429);
	const waitSeconds = Number(refused.headers.get('retry-after'));
	expect(waitSeconds).toBeGreaterThan(0);
	expect(waitSeconds).toBeLessThanOrEqual(60);
	// A right password does not make it forgotten.
	await firstStep(portal, email);
	const letPass = () =>
		db.pool.query(
			`update second_factor set blocked_until = blocked_until - interval '1 hour' where user_id = $1`,
			[userId],
		);
	await letPass();
	expect(await statusOf(secondStep(portal, step, 'AAAA-AAAA-AAAA-AAAA'))).toBe(400);
	const longer = await secondStep(portal, step, code());
	expect(Number(longer.headers.get('retry-after'))).toBeGreaterThan(60);
	await letPass();
	expect(await statusOf(secondStep(portal, step, code()))).toBe(200);
	expect(await statusOf(secondStep(portal, step, '000000'))).toBe(400);
	expect(await statusOf(secondStep(portal, step, code()))).toBe(200);
});

test('the first step leads nowhere forged, foreign, after its time or with another password', async () => {
	const portal = await start();
	const { email, userId, code } = await enrol(portal);
	const step = await firstStep(portal, email);
	const foreign = await firstStep(await start(), email);
	for (const cookie of ['', 'portal_second_step=', `${step.slice(0, -4)}AAAA`, foreign]) {
		const refused = await secondStep(portal, cookie, code());
		expect(refused.status).toBe(403);
		expect(await refused.json()).toMatchObject({ code: 'second_step_over' });
	}
	nowMs += 301_000;
	expect(await statusOf(secondStep(portal, step, code()))).toBe(403);
	const again = await firstStep(portal, email);
	await db.database
		.updateTable('auth_account')
		.set({ password: 'scrypt$1' })
		.where('userId', '=', userId)
		.execute();
	expect(await statusOf(secondStep(portal, again, code()))).toBe(403);
});

test('switching it on ends other sessions, asks for the password, and needs a right code', async () => {
	const changed: string[] = [];
	const portal = await start({ onAccessChanged: (userId) => changed.push(userId) });
	const { email, userId } = await newMember();
	const cookie = await portal.signIn(email, password);
	const elsewhere = await portal.signIn(email, password);
	const begin = (tried: string) =>
		portal.send(beginOwnSecondFactor.path, { cookie, body: { password: tried, code: null } });
	const confirm = (code: string) =>
		portal.send(confirmOwnSecondFactor.path, { cookie, body: { code } });
	expect(await statusOf(begin('not the password'))).toBe(400);
	expect((await confirm('123456')).status).toBe(409);
	const { secret } = beginOwnSecondFactor.reply.parse(await (await begin(password)).json());
	expect(await statusOf(confirm('000000'))).toBe(400);
	// Not proven yet: a password is enough.
	expect(
		await statusOf(portal.send('/api/auth/sign-in/email', { body: { email, password } })),
	).toBe(200);
	const app = new TOTP({ secret: Secret.fromBase32(secret) });
	expect(await statusOf(confirm(app.generate({ timestamp: nowMs })))).toBe(200);
	expect(changed).toEqual([userId]);
	expect(await statusOf(portal.send('/api/session', { cookie: elsewhere }))).toBe(401);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
	expect(await statusOf(begin(password))).toBe(400);
	// The code that proved the app is no sign-in.
	const step = await firstStep(portal, email);
	expect(await statusOf(secondStep(portal, step, app.generate({ timestamp: nowMs })))).toBe(400);
});

test('it is switched off with password and code, or reset by others', async () => {
	const portal = await start();
	const { email, userId, cookie, code, recoveryCodes } = await enrol(portal);
	const off = (body: object) =>
		portal.send('/api/account/second-factor/switch-off', {
			cookie,
			body: { password, code: code(), confirm: 'Confirm', ...body },
		});
	expect(await statusOf(off({ code: '000000' }))).toBe(400);
	expect(await statusOf(off({ password: 'not the password' }))).toBe(400);
	expect(await statusOf(off({ confirm: 'yes' }))).toBe(400);
	await firstStep(portal, email);
	expect(await statusOf(off({ code: recoveryCodes[3] }))).toBe(200);
	await portal.signIn(email, password);
	expect(await statusOf(off({}))).toBe(409);

	const other = await enrol(portal);
	expect(await resetSecondFactor(db.database, other.userId)).toBe(true);
	expect(await resetSecondFactor(db.database, userId)).toBe(false);
	await portal.signIn(other.email, password);
	const codes = await db.database.selectFrom('recovery_code').select('user_id').execute();
	expect(codes.map((row) => row.user_id)).not.toContain(other.userId);
});

test('what is kept of it, and logged, tells nobody a secret or a code', async () => {
	const portal = await start();
	const { email, userId, cookie } = await newMember().then(async (member) => ({
		...member,
		cookie: await portal.signIn(member.email, password),
	}));
	const begun = await portal.send(beginOwnSecondFactor.path, {
		cookie,
		body: { password, code: null },
	});
	const { secret } = beginOwnSecondFactor.reply.parse(await begun.json());
	const app = new TOTP({ secret: Secret.fromBase32(secret) });
	const code = app.generate({ timestamp: nowMs });
	const confirmed = await portal.send(confirmOwnSecondFactor.path, { cookie, body: { code } });
	const { recoveryCodes } = confirmOwnSecondFactor.reply.parse(await confirmed.json());
	const { rows } = await db.pool.query(
		`select encode(secret, 'escape') as kept from second_factor where user_id = $1
		union all select encode(code_hash, 'escape') from recovery_code where user_id = $1
		union all select before::text || after::text from audit_entry where user_id = $1`,
		[userId],
	);
	expect(rows.length).toBeGreaterThan(11);
	await until(() => expect(portal.logged()).toContain('second-factor/confirm'));
	const written = portal.logged() + JSON.stringify(rows);
	for (const told of [secret, ...recoveryCodes, password, email])
		expect(written).not.toContain(told);
});

test('lists sessions, ends one or all others at once, and nobody else’s', async () => {
	const changed: string[] = [];
	const portal = await start({ onAccessChanged: (userId) => changed.push(userId) });
	const { email, userId } = await newMember();
	const stranger = await newMember();
	const cookie = await portal.signIn(email, password);
	const strangers = await portal.signIn(stranger.email, password);
	const phone = await portal.send('/api/auth/sign-in/email', {
		body: { email, password },
		headers: { 'user-agent': 'Phone', 'x-forwarded-for': '192.0.2.7' },
	});
	const elsewhere = sessionCookieOf(phone);
	const third = await portal.signIn(email, password);
	const list = async (of: string) =>
		listOwnSessions.reply.parse(
			await (await portal.send(listOwnSessions.path, { cookie: of })).json(),
		).rows;
	const rows = await list(cookie);
	expect(rows).toHaveLength(3);
	expect(rows.filter((row) => row.isThis)).toHaveLength(1);
	const phoneRow = rows.find((row) => row.userAgent === 'Phone');
	expect(phoneRow).toMatchObject({ address: '192.0.2.7', isThis: false });
	const end = (sessionId: string, of = cookie) =>
		portal.send(`/api/account/sessions/${sessionId}/end`, {
			cookie: of,
			body: { confirm: 'Confirm' },
		});
	expect(await statusOf(end(phoneRow?.sessionId ?? '', strangers))).toBe(404);
	expect(await statusOf(portal.send('/api/session', { cookie: elsewhere }))).toBe(200);
	expect(await statusOf(end(phoneRow?.sessionId ?? ''))).toBe(200);
	expect(await statusOf(portal.send('/api/session', { cookie: elsewhere }))).toBe(401);
	expect(changed).toEqual([userId]);
	const all = await portal.send('/api/account/sessions/end-others', {
		cookie,
		body: { confirm: 'Confirm' },
	});
	expect(await all.json()).toEqual({ ended: 1 });
	expect(await statusOf(portal.send('/api/session', { cookie: third }))).toBe(401);
	expect(await statusOf(portal.send('/api/session', { cookie: strangers }))).toBe(200);
	expect(await list(cookie)).toHaveLength(1);
});

test('says when a session was last seen', async () => {
	const portal = await start();
	const { email, userId } = await newMember();
	const cookie = await portal.signIn(email, password);
	await db.pool.query(
		`update auth_session set "lastSeenAt" = now() - interval '1 hour' where "userId" = $1`,
		[userId],
	);
	nowMs += 60_000;
	const answer = await portal.send(listOwnSessions.path, { cookie });
	const [row] = listOwnSessions.reply.parse(await answer.json()).rows;
	expect(Date.now() - (row?.lastSeenAtMs ?? 0)).toBeLessThan(60_000);
});

test('a changed password ends other sessions, and is limited like sign-in', async () => {
	const portal = await start({ signInLimits: { perAddress: 1000, perAccount: 3 } });
	const { email } = await newMember();
	const cookie = await portal.signIn(email, password);
	const elsewhere = await portal.signIn(email, password);
	const next = 'another sentence that works';
	const change = (body: object) =>
		portal.send('/api/account/password', {
			cookie,
			body: { current: password, password: next, confirm: 'Confirm', ...body },
		});
	const short = await change({ password: 'short' });
	expect(await short.json()).toMatchObject({ fields: [{ path: 'body.password' }] });
	expect(await statusOf(change({ confirm: '' }))).toBe(400);
	expect(await statusOf(portal.send('/api/session', { cookie: elsewhere }))).toBe(200);
	expect(await statusOf(change({}))).toBe(200);
	expect(await statusOf(portal.send('/api/session', { cookie: elsewhere }))).toBe(401);
	expect(await statusOf(portal.send('/api/session', { cookie }))).toBe(200);
	await expect(portal.signIn(email, password)).rejects.toThrow('401');
	await portal.signIn(email, next);
	const statuses: number[] = [];
	for (let round = 0; round < 4; round += 1) statuses.push((await change({})).status);
	expect(statuses).toEqual([400, 400, 400, 429]);
});
