import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createVault } from '../vault.ts';
import { createProviderClients, ProviderUnusable } from './discovery.ts';
import type { ProviderRow } from './store.ts';

const vault = createVault('only for tests');
let server: Server;
let issuer: string;
let asked: number;
let isUp: boolean;
let nowMs = 1_800_000_000_000;

beforeAll(async () => {
	server = createServer((_request, response) => {
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
