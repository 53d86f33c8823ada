import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, Target, type TargetRequest } from './attack/target.ts';

const password = 'a lantern by the quay';
const sessionEnded = 4401;
/** As a proxy on this machine would say it. */
const overTls = { 'x-forwarded-proto': 'https' };

let target: Target;
let host: string;
let admin: string;
let cookie: string;

beforeAll(async () => {
	target = await Target.start({ PUBLIC_URL: 'https://harbour.test', LOG_LEVEL: 'trace' });
	host = target.harbour.host;
	admin = await target.newMember(target.harbour, 'admin');
	cookie = await target.signIn(admin, host);
});
afterAll(() => target.close());

const ask = (path: string, asked: TargetRequest = {}) =>
	target.ask(path, { host, ...asked, headers: { ...overTls, ...asked.headers } });
const device = () => target.harbour.devices[0]!;
const page = { accept: 'text/html' };

/** One of every kind of answer. */
const answers: [string, number, () => Promise<Answer>][] = [
	['a page', 200, () => ask('/console', { headers: page })],
	['a file of the pages', 200, () => ask('/brand.js')],
	['the API to somebody signed in', 200, () => ask('/api/session', { cookie })],
	['the API to somebody who is not', 401, () => ask('/api/session')],
	['an endpoint for others', 403, async () => ask('/api/parked', { cookie: await dealer() })],
	['another site', 403, () => ask('/api/setup', { body: '{}', headers: { origin: 'null' } })],
	['no such endpoint', 404, () => ask('/api/nothing', { cookie })],
	['no such page', 404, () => ask('/nothing.js')],
	['an address that is none', 400, () => ask('/api/%E0%A4%A')],
	['a body that is none', 400, () => ask('/api/setup', { body: '{' })],
	['a method that is none', 404, () => ask('/api/session', { cookie, method: 'PUT', body: '{}' })],
	['a body that is too large', 413, () => ask('/api/setup', { body: 'x'.repeat(1_100_000) })],
	['a workbook', 200, () => ask('/api/fleet/export', { cookie })],
	['bytes', 200, () => ask('/api/map/snapshot', { cookie })],
	['a sign-in', 200, () => signIn(password)],
	['a sign-in that is refused', 401, () => signIn('not the password')],
	['the health of the server', 200, () => ask('/health')],
	['the metrics to somebody behind a proxy', 404, () => ask('/metrics', { headers: proxied })],
	['the description of the API', 200, () => ask('/api/openapi.json')],
	['the pages that show it', 200, () => ask('/api/docs/')],
	['MQTT without an upgrade', 426, () => ask('/mqtt')],
	['a device', 202, () => report(device().key)],
	['somebody who claims to be a device', 401, () => report('no such key')],
];
const proxied = { 'x-forwarded-for': '192.0.2.1' };

async function dealer(): Promise<string> {
	const narrowed = { dealerNo: target.harbour.dealerNos[0] ?? 0 };
	return target.signIn(await target.newMember(target.harbour, 'dealer', narrowed), host);
}

async function signIn(tried: string): Promise<Answer> {
	const email = await target.newMember(target.harbour, 'operation');
	const body = JSON.stringify({ email, password: tried });
	return ask('/api/auth/sign-in/email', { body });
}

function report(key: string): Promise<Answer> {
	return ask(`/devices/v1/${device().deviceId}/telemetry`, {
		body: '{"soc_pct":41}',
		headers: { authorization: `Bearer ${key}` },
	});
}

describe.each(answers)('%s', (what, status, answer) => {
	test(`is answered with ${status} and every header that guards it`, async () => {
		const { headers, ...answered } = await answer();
		expect(answered.status, answered.text).toBe(status);
		expect(headers).toMatchObject({
			'x-content-type-options': 'nosniff',
			'referrer-policy': 'no-referrer',
			'permissions-policy': expect.stringContaining('geolocation=()'),
			'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
		});
		const policy = policyOf(headers['content-security-policy']);
		const scripts = policy.get('script-src') ?? policy.get('default-src') ?? '';
		expect(scripts).toMatch(/^'self'|^'none'/);
		expect(scripts).not.toMatch(/unsafe|https?:|\*|data:|blob:/);
		expect(headers).not.toHaveProperty('access-control-allow-origin');
		expect(headers).not.toHaveProperty('x-powered-by');
		expect(headers).not.toHaveProperty('server');
		if (what === 'an address that is none') return;
		expect(headers).toMatchObject({
			'strict-transport-security': 'max-age=31536000',
			'cross-origin-opener-policy': 'same-origin',
			'cross-origin-resource-policy': 'same-origin',
		});
		expect(policy.get('object-src')).toBe("'none'");
		expect(policy.get('base-uri')).toBe("'none'");
	});

	test('is not kept by browsers unless anybody may have it', async () => {
		const { headers } = await answer();
		const isPage = ['a page', 'a file of the pages', 'MQTT without an upgrade'].includes(what);
		// The pages that show the API are the same for everybody.
		expect(headers['cache-control']).toBe(isPage ? cacheOf(what) : 'no-store');
	});

	test('says nothing of how the server is made', async () => {
		const { text } = await answer();
		expect(text).not.toMatch(/\bat \S+ \(|node_modules|\.ts:\d+|SQLSTATE|select .* from/i);
	});
});

function cacheOf(what: string): string | undefined {
	return what.startsWith('MQTT') ? undefined : 'no-cache';
}

function policyOf(header: unknown): Map<string, string> {
	return new Map(
		String(header)
			.split(';')
			.map((directive) => {
				const [name = '', ...sources] = directive.trim().split(' ');
				return [name, sources.join(' ')];
			}),
	);
}

test('every cookie belongs to this host, to TLS and to no script', async () => {
	const { headers, text } = await signIn(password);
	const given = headers['set-cookie'] ?? [];
	expect(text).toBe('{}');
	const out = await ask('/api/auth/sign-out', {
		cookie: given[0]?.split(';')[0] ?? '',
		body: '{}',
	});
	const taken = out.headers['set-cookie'] ?? [];
	expect(given).toHaveLength(1);
	expect(taken.length).toBeGreaterThan(0);
	for (const each of [...given, ...taken]) {
		expect(each).toMatch(/^__Host-portal[._][a-z_]+=/);
		expect(each).toMatch(/; Path=\/;/);
		expect(each).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
		expect(each).not.toMatch(/Domain/i);
	}
});

test.each(['TRACE', 'CONNECT', 'PROPFIND'])('%s is not spoken', async (method) => {
	const asked = ask('/api/session', { method, cookie, headers: { 'x-told': 'back' } });
	const text = await asked.then(
		(answer) => answer.text,
		() => '',
	);
	expect(text).not.toContain('back');
	expect(text).not.toContain(admin);
});

test('a live connection ends with the role that it was opened with', async () => {
	const email = await target.newMember(target.harbour, 'admin');
	const live = target.openLive({ cookie: await target.signIn(email, host), host });
	await once(live, 'open');
	const closed = once(live, 'close');
	await target.query(
		`update membership set role = 'operation' where user_id =
			(select id from auth_user where email = $1)`,
		[email],
	);
	expect((await closed)[0]).toBe(sessionEnded);
});

test('a live connection ends with the session that a new sign-in replaces', async () => {
	const email = await target.newMember(target.harbour, 'admin');
	const before = await target.signIn(email, host);
	const live = target.openLive({ cookie: before, host });
	await once(live, 'open');
	const closed = once(live, 'close');
	const body = JSON.stringify({ email, password });
	expect((await ask('/api/auth/sign-in/email', { body, cookie: before })).status).toBe(200);
	expect((await closed)[0]).toBe(sessionEnded);
});

test('the log says who was refused, and from where', async () => {
	const address = '192.0.2.77';
	const headers = { ...overTls, 'x-forwarded-for': address };
	const refused = { path: '/api/parked', host, cookie: await dealer(), headers };
	expect((await target.ask(refused.path, refused)).status).toBe(403);
	const body = JSON.stringify({ email: admin, password: 'not the password' });
	expect((await target.ask('/api/auth/sign-in/email', { host, body, headers })).status).toBe(401);
	await target.saidUntilNow();
	const lines = logOf(target).filter((line) => line.address === address);
	expect(lines).toContainEqual(
		expect.objectContaining({ status: 403, path: refused.path, userId: expect.any(String) }),
	);
	expect(lines).toContainEqual(
		expect.objectContaining({
			msg: 'sign-in refused',
			status: 401,
			account: expect.stringMatching(/^[0-9a-f]{16}$/),
		}),
	);
});

test('the log of a whole journey holds no secret', async () => {
	const [first, second] = target.harbour.devices;
	const wire = await target.connect(first!);
	await wire.publish(first!.deviceId, { at: new Date().toISOString(), soc_pct: 40 });
	wire.break();
	const wrong = await target.openWire();
	await wrong.connect({ clientId: 'x', userName: first!.deviceId, password: second!.key });
	wrong.break();
	expect((await report(first!.key)).status).toBe(202);
	expect((await report(second!.key)).status).toBe(401);
	const osmAnd = await fetch(
		new URL(`/?id=${first!.deviceId}&key=${first!.key}&lat=1&lon=2`, target.osmAndUrl),
	);
	expect(osmAnd.status).toBe(200);
	const session = await target.signIn(admin, host);
	for (const path of ['/api/session', '/api/fleet/devices?q=hidden-question', '/api/nothing'])
		await ask(path, { cookie: session });
	await ask('/api/setup', { cookie: session, body: '{"token":"hidden-token"}' });
	const live = target.openLive({ cookie: session, host });
	await once(live, 'open');
	live.terminate();
	await ask('/api/auth/sign-out', { cookie: session, body: '{}' });

	const said = await target.saidUntilNow();
	expect(said).toContain(first!.deviceId);
	const value = decodeURIComponent(session.slice(session.indexOf('=') + 1));
	const [token = '', signature = ''] = value.split('.');
	for (const secret of [
		...target.harbour.devices.map(({ key }) => key),
		password,
		'not the password',
		'no such key',
		token,
		signature,
		'hidden-question',
		'hidden-token',
	])
		expect(said).not.toContain(secret);
});

function logOf(product: Target): Record<string, unknown>[] {
	const said = product.said();
	// The last line may not be there in full.
	return said
		.slice(0, said.lastIndexOf('\n') + 1)
		.split('\n')
		.filter((line) => line.startsWith('{'))
		.map((line) => JSON.parse(line));
}
