import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createVault } from '../vault.ts';
import { ClientUnknown, createProviderClients, ProviderUnusable } from './discovery.ts';
import type { ProviderRow } from './store.ts';

const vault = createVault('only for tests');
let server: Server;
let issuer: string;
let asked: number;
let isUp: boolean;
/** What the provider says of a code. */
let tokenAnswer: { status: number; body: string; headers?: Record<string, string> } | null;
let nowMs = 1_800_000_000_000;

beforeAll(async () => {
	server = createServer((request, response) => {
		if (request.url === '/token') {
			if (tokenAnswer === null) response.destroy();
			else response.writeHead(tokenAnswer.status, tokenAnswer.headers).end(tokenAnswer.body);
			return;
		}
		asked += 1;
		if (!isUp) {
			response.writeHead(500).end();
			return;
		}
		response.setHeader('content-type', 'application/json');
		response.end(
			JSON.stringify({
				issuer,
				authorization_endpoint: `${issuer}/auth`,
				token_endpoint: `${issuer}/token`,
				jwks_uri: `${issuer}/keys`,
			}),
		);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
beforeEach(() => {
	asked = 0;
	isUp = true;
});
afterAll(() => server.close());

const provider = (): ProviderRow => ({
	organizationNo: 1,
	label: 'Works',
	issuer,
	clientId: 'portal',
	domains: [],
	isEnabled: true,
	secretVersion: 1,
	clientSecret: vault.seal('provider-secret', '1', 'a client secret'),
});

function clients() {
	return createProviderClients({
		vault,
		clock: () => nowMs,
		rules: { allowsLoopback: true, trustedHosts: [] },
	});
}

test('is asked once by all who come at the same time, and not again for minutes', async () => {
	const { clientOf } = clients();
	const one = provider();
	await Promise.all(Array.from({ length: 20 }, () => clientOf(one)));
	nowMs += 4 * 60_000;
	await clientOf(one);
	expect(asked).toBe(1);
	nowMs += 2 * 60_000;
	await clientOf(one);
	expect(asked).toBe(2);
});

test('is left alone for some seconds when it cannot be used, however many come', async () => {
	const { clientOf } = clients();
	const one = provider();
	isUp = false;
	for (let round = 0; round < 5; round += 1)
		await expect(clientOf(one)).rejects.toThrow(ProviderUnusable);
	expect(asked).toBe(1);
	isUp = true;
	nowMs += 6_000;
	await clientOf(one);
	expect(asked).toBe(2);
});

test('is asked at once when its settings are others', async () => {
	const { clientOf } = clients();
	await clientOf(provider());
	await clientOf(provider());
	expect(asked).toBe(2);
});

const json = { 'content-type': 'application/json' };
const tryOut = () => clients().tryOut(issuer, 'portal', 'a client secret');

test.each([
	['as it should', 400, '{"error":"invalid_client"}', json],
	['with a status of its own', 401, '{"error":"invalid_client"}', json],
	['with a challenge', 401, '', { 'www-authenticate': 'Basic realm="works"' }],
])('a provider that does not know the client is not used: it says so %s', async (...answer) => {
	const [, status, body, headers] = answer;
	tokenAnswer = { status, body, headers };
	await expect(tryOut()).rejects.toThrow(ClientUnknown);
});

test.each([
	['refuses the code', 400, '{"error":"invalid_grant"}', json],
	['refuses the request', 400, '{"error":"invalid_request"}', json],
	['answers in no words of OAuth', 400, '<h1>No</h1>', { 'content-type': 'text/html' }],
	['answers with what it does not mean', 200, '{}', json],
	['fails', 500, '', {}],
])('a provider is used that %s: the client may be known', async (...answer) => {
	const [, status, body, headers] = answer;
	tokenAnswer = { status, body, headers };
	await tryOut();
});

test('a provider that breaks off is not used', async () => {
	tokenAnswer = null;
	const failure = await tryOut().catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(ProviderUnusable);
	expect(failure).not.toBeInstanceOf(ClientUnknown);
});
