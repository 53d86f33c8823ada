import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { type AnyEndpoint, isAdmitted } from '#contract/endpoint.ts';
import { liveMessageSchema, livePath } from '#contract/live.ts';
import { type Role, roleLabels, roles } from '#contract/roles.ts';
import { endpoints, topics } from './harness/declared.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';

let folder: TestFolder;
let product: RunningProduct;
/** Session cookies by role; null is somebody who is not signed in. */
const callers = new Map<Role | null, string>([[null, '']]);

beforeAll(async () => {
	folder = await createTestFolder();
	product = await startProduct({ dataDir: folder.path, parameters: ['--demo'] });
	for (const role of roles) {
		const user = product.signIns.find((signIn) => signIn.role === roleLabels[role]);
		const answer = await fetch(`${product.url}/api/auth/sign-in/email`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ email: user?.email, password: user?.password }),
		});
		expect(answer.status).toBe(200);
		callers.set(role, answer.headers.getSetCookie()[0]?.split(';')[0] ?? '');
	}
});
afterAll(async () => {
	await product.end('SIGTERM');
	await folder.remove();
});

test('every declared endpoint is served, and no other', async () => {
	const answer = await fetch(`${product.url}/api/openapi.json`);
	const { paths } = z
		.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
		.parse(await answer.json());
	const served = Object.entries(paths).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
	);
	const expected = endpoints.map(
		({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
	);
	expect(served.sort()).toEqual(expected.sort());
});

test('every endpoint admits whom it declares, and answers everybody else alike', async () => {
	for (const endpoint of endpoints)
		for (const [role, cookie] of callers) {
			const answer = await callWithNothing(endpoint, cookie);
			const outcome = { endpoint: endpoint.path, role, ...answer };
			if (isAdmitted(endpoint.admits, role)) {
				expect(outcome.status, JSON.stringify(outcome)).not.toBe(401);
				expect(outcome.code, JSON.stringify(outcome)).not.toBe('not_permitted');
			} else
				expect(outcome).toMatchObject(
					role === null
						? { status: 401, code: 'not_signed_in' }
						: { status: 403, code: 'not_permitted' },
				);
		}
});

test('every live topic admits whom it declares', async () => {
	for (const role of roles) {
		const refusals = await subscribeToAll(callers.get(role) ?? '');
		for (const topic of topics)
			expect([role, topic.name, refusals.get(topic.name) === 'not_permitted']).toEqual([
				role,
				topic.name,
				!topic.admits.includes(role),
			]);
	}
	expect(await refusalOf({})).toBe(401);
});

test('a page of another site cannot open the live connection of somebody signed in', async () => {
	const cookie = callers.get('admin') ?? '';
	expect(await refusalOf({ cookie, origin: 'https://evil.example' })).toBe(403);
});

test('the table in the documentation is up to date', async () => {
	await expect(table()).toMatchFileSnapshot(
		join(import.meta.dirname, '../docs/role-endpoint-table.md'),
	);
});

let lastAddress = 0;

/** Calls an endpoint with nothing that it could act on. */
async function callWithNothing(
	{ method, path }: AnyEndpoint,
	cookie: string,
): Promise<{ status: number; code: string | null }> {
	// From an address of its own: nobody is refused for asking much.
	const address = `10.1.${++lastAddress >> 8}.${lastAddress & 255}`;
	const answer = await fetch(product.url + path.replace(/:\w+/g, 'none'), {
		method,
		headers: {
			cookie,
			'x-forwarded-for': address,
			...(method !== 'GET' && { 'content-type': 'application/json' }),
		},
		...(method !== 'GET' && { body: '{}' }),
	});
	const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
	const body: unknown = isJson ? await answer.json() : await answer.arrayBuffer();
	return {
		status: answer.status,
		code: z.object({ code: z.string() }).safeParse(body).data?.code ?? null,
	};
}

function liveUrl(): string {
	return product.url.replace('http', 'ws') + livePath;
}

/** Status with which the live connection is refused. */
function refusalOf(headers: Record<string, string>): Promise<number | undefined> {
	const socket = new WebSocket(liveUrl(), { headers });
	const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
	socket.on('open', () => reject(new Error('The live connection was let through.')));
	socket.on('error', reject);
	socket.on('unexpected-response', (_request, response) => {
		resolve(response.statusCode);
		response.destroy();
	});
	return promise;
}

/** Subscribes to every topic with nothing in particular. @returns the codes of those that were refused */
async function subscribeToAll(cookie: string): Promise<Map<string, string>> {
	const socket = new WebSocket(liveUrl(), { headers: { cookie } });
	await once(socket, 'open');
	const refusals = new Map<string, string>();
	const { promise: allAnswered, resolve } = Promise.withResolvers<void>();
	// Subscriptions are answered in their order; the last is to a topic that there is not.
	socket.on('message', (data, isBinary) => {
		if (isBinary) return;
		const message = liveMessageSchema.parse(JSON.parse(String(data)));
		if (message.type !== 'refused') return;
		const topic = topics[message.subscription - 1];
		if (topic === undefined) resolve();
		else refusals.set(topic.name, message.code);
	});
	for (const [index, name] of [...topics.map((topic) => topic.name), 'none'].entries())
		socket.send(
			JSON.stringify({ type: 'subscribe', subscription: index + 1, topic: name, params: {} }),
		);
	await allAnswered;
	socket.close();
	return refusals;
}

function table(): string {
	const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const head = (first: readonly string[], who: readonly string[]) => [
		row([...first, ...who]),
		row([...first.map(() => '---'), ...who.map(() => ':-:')]),
	];
	const mark = (isIn: boolean) => (isIn ? 'yes' : '–');
	const names = roles.map((role) => roleLabels[role]);
	return [
		'# Who may call what',
		'',
		'Made from the declarations in the modules’ contracts by `npm run docs:roles`; `tests/role-endpoint.test.ts` compares',
		'them with what the running server answers to each role.',
		'',
		'## Endpoints',
		'',
		...head(['Endpoint', 'What it does'], ['not signed in', ...names]),
		...endpoints.map(({ method, path, summary, admits }) =>
			row([
				`\`${method} ${path}\``,
				summary,
				...[null, ...roles].map((role) => mark(isAdmitted(admits, role))),
			]),
		),
		'',
		`## Live topics (WebSocket \`${livePath}\`)`,
		'',
		...head(['Topic'], names),
		...topics.map(({ name, admits }) =>
			row([`\`${name}\``, ...roles.map((role) => mark(admits.includes(role)))]),
		),
		'',
	].join('\n');
}
