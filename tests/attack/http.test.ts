import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, Target } from './target.ts';

const evil = 'https://evil.example';
/** Escaped, `/api` is the same path. */
const escapedApi = '/%61pi';
const deep = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;

let target: Target;
let host: string;
let admin: string;
let cookie: string;

beforeAll(async () => {
	target = await Target.start({ LOG_LEVEL: 'trace' });
	host = target.harbour.host;
	admin = await target.newMember(target.harbour, 'admin');
	cookie = await target.signIn(admin, host);
});
afterAll(() => target.close());

/** From an address of its own, so that limits by address do not interfere. */
let lastAddress = 0;
function fromElsewhere(): Record<string, string> {
	lastAddress++;
	return { 'x-forwarded-for': `10.9.${lastAddress >> 8}.${lastAddress & 0xff}` };
}

function signInWith(body: unknown): Promise<Answer> {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return target.ask('/api/auth/sign-in/email', { body: text, host, headers: fromElsewhere() });
}

describe('another site', () => {
	test.each(['/api', escapedApi, '/%61%70%69'])('cannot change anything below %s', async (api) => {
		const signs: [string, string][] = [
			['origin', evil],
			['origin', 'null'],
			['sec-fetch-site', 'cross-site'],
		];
		for (const [name, value] of signs) {
			const asked = { body: '{}', host, cookie, headers: { [name]: value } };
			const answer = await target.ask(`${api}/setup`, asked);
			expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'foreign_origin']);
		}
	});

	test.each(['/api/live', `${escapedApi}/live`])('opens no live connection at %s', async (path) => {
		const live = target.openLive({ host, cookie, origin: evil }, path);
		const [, response] = await once(live, 'unexpected-response');
		expect(response.statusCode).toBe(403);
		live.terminate();
	});

	test('is not led to by a sign-in', async () => {
		const email = await target.newMember(target.harbour, 'operation');
		const password = 'a lantern by the quay';
		const answer = await signInWith({ email, password, callbackURL: `${evil}/`, rememberMe: 'x' });
		expect(answer.status).toBe(200);
		expect(answer.text).not.toContain('evil');
		expect(answer.headers.location).toBeUndefined();
	});
});

test('an address is limited however it writes its requests', async () => {
	const headers = fromElsewhere();
	const remaining = async (path: string) =>
		Number((await target.ask(path, { host, headers })).headers['ratelimit-remaining']);
	const first = await remaining('/api/portal');
	expect(await remaining(`${escapedApi}/portal`)).toBe(first - 1);
	expect(await remaining('/api/portal')).toBe(first - 2);
});

test('an account is limited however its e-mail and the address are written', async () => {
	const email = await target.newMember(target.harbour, 'operation', {}, 'Person@example.org');
	const tries = [email, email.toUpperCase(), ` ${email}`, `${email}\t`, email, email].map(
		(written) => signInWith({ email: written, password: 'not the right one' }),
	);
	const statuses = (await Promise.all(tries)).map((answer) => answer.status);
	expect(statuses.filter((status) => status === 429)).toHaveLength(1);
	expect((await signInWith({ email, password: 'a lantern by the quay' })).status).toBe(429);
});

test('a sign-in makes a new session whatever cookie it came with, and ends the one before', async () => {
	const again = await target.ask('/api/auth/sign-in/email', {
		body: JSON.stringify({ email: admin, password: 'a lantern by the quay' }),
		host,
		cookie,
	});
	const given = again.headers['set-cookie']?.[0] ?? '';
	expect(given.split(';')[0]).not.toBe(cookie);
	expect(given).toMatch(/; HttpOnly; SameSite=Lax$/);
	expect((await target.ask('/api/session', { host, cookie })).status).toBe(401);
	cookie = given.split(';')[0] ?? '';
});

test.each([
	['no signature', (token: string) => token],
	['an empty one', (token: string) => `${token}.`],
	['a wrong one', (token: string) => `${token}.${'A'.repeat(43)}=`],
	['NUL', (token: string) => `${token}.%00`],
	['half an escape', () => '%'],
	['a name of a prototype', () => '__proto__'],
])('a session with %s is none', async (_, forge) => {
	const [name, value = ''] = cookie.split('=');
	const token = decodeURIComponent(value).split('.')[0] ?? '';
	const answer = await target.ask('/api/session', { host, cookie: `${name}=${forge(token)}` });
	expect(answer.status).toBe(401);
});

test.each([
	['NUL in a search', '/api/fleet/devices?q=%00'],
	['NUL in a device id', '/api/fleet/devices/%00'],
	['NUL in a filter', '/api/fleet/filters?customer=%00'],
	['a broken escape', '/api/fleet/devices/%ff'],
	['a parameter twice', '/api/fleet/devices?q=a&q=b'],
	['an order that is none', '/api/fleet/devices?sort=__proto__'],
	['a page that is none', '/api/fleet/devices?page=1e400'],
])('%s is answered with what is wrong', async (_, path) => {
	const answer = await target.ask(path, { host, cookie });
	expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'invalid_input']);
});

test.each<{ what: string; body: string; status: number }>([
	{ what: 'deep', body: deep, status: 400 },
	{ what: 'deep inside', body: `{"email":${deep},"password":"p"}`, status: 400 },
	{ what: 'deep beside', body: `{"email":"a@b.example","password":"p","x":${deep}}`, status: 401 },
	{ what: 'a prototype', body: '{"__proto__":{"email":"a@b.example"}}', status: 400 },
	{ what: 'of other types', body: '{"email":{"a":1},"password":["p"]}', status: 400 },
	{ what: 'with NUL', body: '{"email":"a\\u0000@b.example","password":"p\\u0000"}', status: 400 },
])('a sign-in whose body is $what is answered with $status', async ({ body, status }) => {
	expect((await signInWith(body)).status).toBe(status);
});

test.each([
	'/../package.json',
	'/..%2f..%2fpackage.json',
	'/assets/..%2f..%2f..%2fpackage.json',
	'/assets/%2e%2e/%2e%2e/package.json',
	'/assets/%00',
	'//etc/passwd',
	'/.env',
	'/API/session',
	'/api//session',
	'/api/auth/sign-up/email',
])('there is nothing at %s', async (path) => {
	const answer = await target.ask(path, { host, cookie });
	expect([answer.status, JSON.parse(answer.text).code]).toEqual([404, 'not_found']);
});

test('a part of a file that does not exist is no failure of the server', async () => {
	const headers = { range: 'bytes=9999999-' };
	expect((await target.ask('/index.html', { host, headers })).status).toBe(400);
});

test('headers beyond all measure are refused', async () => {
	const headers = { 'x-long': 'x'.repeat(20_000) };
	expect((await target.ask('/', { host, headers })).status).toBe(431);
});

test('the log holds no secret and no failure after all this', async () => {
	const said = await target.saidUntilNow();
	const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
	for (const secret of ['a lantern by the quay', 'not the right one', token])
		expect(said).not.toContain(secret);
	expect(target.complaints()).toEqual([]);
});
