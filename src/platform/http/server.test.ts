import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import { fault, problemSchema } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import type { Role } from '#contract/roles.ts';
import { until } from '../../../tests/harness/until.ts';
import { serve } from './serve.ts';
import { createHttpServer } from './server.ts';

const openApps: FastifyInstance[] = [];
afterEach(async () => {
	await Promise.all(openApps.splice(0).map((app) => app.close()));
});

const everyone = endpoint({
	method: 'GET',
	path: '/api/open',
	summary: 'For everyone',
	admits: 'everyone',
	reply: z.object({ isKnown: z.boolean() }),
});
const adminsOnly = endpoint({
	method: 'POST',
	path: '/api/things/:thing',
	summary: 'For admins',
	admits: ['admin'],
	params: z.object({ thing: z.string().max(5, 'At most five letters.') }),
	query: z.object({ page: z.coerce.number().int().default(1) }),
	body: z.object({ name: z.string().min(1, 'Give a name.') }),
	reply: z.object({ thing: z.string(), page: z.int(), name: z.string(), by: z.string() }),
});
const failing = endpoint({
	method: 'GET',
	path: '/api/failing',
	summary: 'Fails as told',
	admits: 'everyone',
	query: z.object({ how: z.enum(['fault', 'bug', 'shape', 'database', 'room']) }),
	reply: z.object({ count: z.int() }),
});

/** A server whose callers say in a header which role they have; `none` has no membership. */
async function start(options: { isDatabaseUp?: boolean; publicUrl?: string; perMinute?: number }) {
	const lines: string[] = [];
	const log = pino(
		{ level: 'debug' },
		new Writable({
			write(chunk, _encoding, done) {
				lines.push(String(chunk));
				done();
			},
		}),
	);
	const app = await createHttpServer({
		log,
		publicUrl: options.publicUrl ?? null,
		version: '1.2.3',
		isDatabaseUp: () => options.isDatabaseUp ?? true,
		requestsPerMinute: options.perMinute ?? 600,
		identify: async (request) => {
			const role = request.headers['x-role'];
			if (role === 'none') throw fault('no_membership');
			return role === undefined ? null : principal(role as Role);
		},
	});
	openApps.push(app);
	serve(app, everyone, ({ principal }) => ({ isKnown: principal !== null }));
	serve(app, adminsOnly, ({ params, query, body, principal }) => ({
		...params,
		...query,
		...body,
		by: principal.email,
	}));
	serve(app, failing, ({ query }) => {
		switch (query.how) {
			case 'fault':
				throw fault('not_found', { thing: 'lamp' });
			case 'bug':
				throw new Error('secret cause');
			case 'shape':
				return { count: 1.5 };
			case 'database':
				throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
			case 'room':
				throw Object.assign(new pg.DatabaseError('No space left on device', 0, 'error'), {
					code: '53100',
				});
		}
	});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return { app, url, lines };
}

function principal(role: Role): Principal {
	return {
		userId: 'u1',
		credential: { kind: 'session', sessionId: 's1' },
		email: `${role}@example.com`,
		name: role,
		role,
		misRole: 'user',
		scope: { organizationNo: 1, dealerNo: null, customerNos: null, deviceNos: null },
		organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
	};
}

async function problemOf(answer: Response) {
	expect(answer.headers.get('content-type')).toBe('application/problem+json');
	const problem = problemSchema.parse(await answer.json());
	expect(problem.status).toBe(answer.status);
	expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
	return problem;
}

const json = { 'content-type': 'application/json' };
const post = (url: string, headers: Record<string, string>, body: unknown) =>
	fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });

test('reads every part of the input by its schema and hands over who calls', async () => {
	const { url } = await start({});
	const answer = await post(
		`${url}/api/things/lamp?page=3`,
		{ ...json, 'x-role': 'admin' },
		{ name: 'Desk' },
	);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toEqual({
		thing: 'lamp',
		page: 3,
		name: 'Desk',
		by: 'admin@example.com',
	});
	expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('names every wrong field of the input', async () => {
	const { url } = await start({});
	const answer = await post(
		`${url}/api/things/toolong`,
		{ ...json, 'x-role': 'admin' },
		{ name: '' },
	);
	const problem = await problemOf(answer);
	expect(problem).toMatchObject({
		status: 400,
		code: 'invalid_input',
		detail: 'At most five letters. (and 1 more)',
		fields: [
			{ path: 'params.thing', message: 'At most five letters.' },
			{ path: 'body.name', message: 'Give a name.' },
		],
	});
});

test('asks who it is before it looks at the input, and whether the role may', async () => {
	const { url } = await start({});
	const nobody = await problemOf(await post(`${url}/api/things/toolong`, json, {}));
	expect(nobody).toMatchObject({ status: 401, code: 'not_signed_in' });
	const dealer = await post(`${url}/api/things/toolong`, { ...json, 'x-role': 'dealer' }, {});
	expect(await problemOf(dealer)).toMatchObject({ status: 403, code: 'not_permitted' });
	const stranger = await post(`${url}/api/things/toolong`, { ...json, 'x-role': 'none' }, {});
	expect(await problemOf(stranger)).toMatchObject({ status: 403, code: 'no_membership' });
});

test('lets everyone in where everyone may, without access to the organization too', async () => {
	const { url } = await start({});
	const ask = async (headers: Record<string, string>) =>
		(await fetch(`${url}/api/open`, { headers })).json();
	expect(await ask({})).toEqual({ isKnown: false });
	expect(await ask({ 'x-role': 'none' })).toEqual({ isKnown: false });
	expect(await ask({ 'x-role': 'b2b' })).toEqual({ isKnown: true });
});

test('answers faults as problems and keeps causes in the log', async () => {
	const { url, lines } = await start({});
	const ask = (how: string) => fetch(`${url}/api/failing?how=${how}`);
	expect(await problemOf(await ask('fault'))).toMatchObject({
		status: 404,
		detail: 'There is no such lamp, or you may not see it.',
	});
	for (const [how, cause] of [
		['bug', 'secret cause'],
		['shape', "Response doesn't match the schema"],
	] as const) {
		const answer = await ask(how);
		const problem = await problemOf(answer);
		expect(problem).toMatchObject({ status: 500, code: 'internal' });
		expect(problem.detail).toContain(problem.requestId);
		expect(JSON.stringify(problem)).not.toContain(cause);
		const logged = lines.find((line) => line.includes(cause));
		expect(logged).toContain(problem.requestId);
	}
});

test('says so while the database has no room', async () => {
	const { url } = await start({});
	const answer = await fetch(`${url}/api/failing?how=room`);
	expect(answer.headers.get('retry-after')).toBe('5');
	expect(await problemOf(answer)).toMatchObject({ status: 503, code: 'database_full' });
});

test('says so while the database is away', async () => {
	const up = await start({});
	const answer = await fetch(`${up.url}/api/failing?how=database`);
	expect(answer.headers.get('retry-after')).toBe('5');
	expect(await problemOf(answer)).toMatchObject({ status: 503, code: 'database_unavailable' });

	const down = await start({ isDatabaseUp: false });
	const refused = await fetch(`${down.url}/api/open`);
	expect(refused.headers.get('retry-after')).toBe('5');
	expect(await problemOf(refused)).toMatchObject({ status: 503 });
});

test('answers what it cannot read or does not have with problems', async () => {
	const { url } = await start({});
	const admin = { ...json, 'x-role': 'admin' };
	const things = `${url}/api/things/lamp`;
	const cases: [() => Promise<Response>, number, string][] = [
		[() => fetch(`${url}/api/nothing`), 404, 'not_found'],
		[() => fetch(`${url}/nothing`), 404, 'not_found'],
		[() => fetch(`${url}/api/%E0%A4%A`), 400, 'invalid_input'],
		[() => fetch(things, { method: 'POST', headers: admin, body: '{' }), 400, 'invalid_input'],
		[() => post(things, { 'x-role': 'admin' }, {}), 415, 'not_json'],
		[
			() =>
				post(
					things,
					{ 'x-role': 'admin', 'content-type': 'application/x-www-form-urlencoded' },
					{},
				),
			415,
			'not_json',
		],
		[() => post(things, admin, { name: 'x'.repeat(1024 * 1024) }), 413, 'too_large'],
	];
	for (const [ask, status, code] of cases)
		expect(await problemOf(await ask())).toMatchObject({ status, code });
});

test('refuses what another site makes a browser send', async () => {
	const { url } = await start({ publicUrl: 'https://fleet.example.com' });
	const { host } = new URL(url);
	const send = async (headers: Record<string, string>) =>
		(
			await post(
				`${url}/api/things/lamp`,
				{ ...json, 'x-role': 'admin', ...headers },
				{ name: 'a' },
			)
		).status;
	expect(await send({})).toBe(200);
	expect(await send({ origin: `http://${host}` })).toBe(200);
	expect(await send({ origin: 'https://fleet.example.com', 'sec-fetch-site': 'cross-site' })).toBe(
		200,
	);
	expect(await send({ 'sec-fetch-site': 'same-origin' })).toBe(200);
	for (const origin of ['https://evil.example', 'null', `http://${host}.evil.example`, 'nonsense'])
		expect(await send({ origin })).toBe(403);
	expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403);
	expect(await send({ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' })).toBe(403);

	const reading = await fetch(`${url}/api/open`, { headers: { origin: 'https://evil.example' } });
	expect(reading.status).toBe(200);
});

test('sends a strict content security policy with every answer', async () => {
	const { url } = await start({});
	for (const path of ['/api/open', '/api/nothing']) {
		const { headers } = await fetch(url + path);
		const policy = headers.get('content-security-policy') ?? '';
		expect(policy.split(';')).toEqual([
			"default-src 'self'",
			"script-src 'self'",
			"style-src 'self' 'unsafe-inline'",
			"style-src-attr 'none'",
			"img-src 'self' data: blob:",
			"connect-src 'self'",
			"worker-src 'self' blob:",
			"font-src 'self' data:",
			"frame-ancestors 'none'",
			"base-uri 'none'",
			"form-action 'self'",
			"object-src 'none'",
		]);
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('strict-transport-security')).toBeNull();
	}
	const secure = await start({ publicUrl: 'https://fleet.example.com' });
	const { headers } = await fetch(`${secure.url}/api/open`);
	expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
	expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
});

test('makes its own request ids and logs neither query nor headers', async () => {
	const { url, lines } = await start({});
	const answer = await fetch(`${url}/api/open?token=hidden-query`, {
		headers: { 'x-request-id': 'theirs', cookie: 'session=hidden-cookie' },
	});
	const id = answer.headers.get('x-request-id');
	expect(id).toMatch(/^[0-9a-f-]{36}$/);
	// It is logged once the answer is out.
	await until(() => {
		const line = lines.find((entry) => entry.includes(`${id}`));
		expect(JSON.parse(line ?? 'null')).toMatchObject({
			requestId: id,
			method: 'GET',
			path: '/api/open',
			status: 200,
		});
	});
	expect(lines.join('')).not.toMatch(/hidden|theirs/);
});

test('limits what one address may ask in a minute', async () => {
	const { url } = await start({ perMinute: 3 });
	for (let left = 2; left >= 0; left -= 1) {
		const answer = await fetch(`${url}/api/open`);
		expect(answer.status).toBe(200);
		expect(answer.headers.get('ratelimit-remaining')).toBe(String(left));
	}
	const refused = await fetch(`${url}/api/open`);
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'too_many_requests' });
	// A proxy on this machine names the client; each client has its own count.
	const other = await fetch(`${url}/api/open`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
	expect(other.status).toBe(200);
});
