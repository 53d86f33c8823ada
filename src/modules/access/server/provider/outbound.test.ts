import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AddressRefused, createOutbound, requireAllowed } from './outbound.ts';

const published = { allowsLoopback: false, trustedHosts: ['sso.works.example', 'localhost'] };
const atHome = { allowsLoopback: true, trustedHosts: [] };
const options = { method: 'GET', headers: {}, body: null, redirect: 'manual' } as const;

let server: Server;
let port: number;
const asked: string[] = [];
beforeAll(async () => {
	server = createServer((request, response) => {
		asked.push(request.url ?? '');
		if (request.url === '/away') response.writeHead(302, { location: '/else' }).end();
		else if (request.url === '/long') response.end(Buffer.alloc(600 * 1024));
		else response.end('hello');
	}).listen(0, 'localhost');
	await once(server, 'listening');
	const address = server.address();
	port = typeof address === 'object' ? (address?.port ?? 0) : 0;
});
afterAll(() => server.close());

test.each([
	'https://provider.example/tenant',
	'https://93.184.215.14',
	'https://[2606:2800:21f::1]',
	'https://sso.works.example',
])('%s may be asked', (address) => {
	expect(() => requireAllowed(new URL(address), published)).not.toThrow();
});

test.each([
	'http://provider.example',
	'http://localhost',
	'https://127.0.0.1',
	'https://2130706433',
	'https://0x7f.1',
	'https://10.0.0.1',
	'https://172.31.255.255',
	'https://192.168.1.1',
	'https://169.254.169.254',
	'https://100.100.0.1',
	'https://0.0.0.0',
	'https://[::1]',
	'https://[::]',
	'https://[::ffff:10.0.0.1]',
	'https://[::10.0.0.1]',
	'https://[::ffff:0:10.0.0.1]',
	'https://192.88.99.1',
	'https://[3fff::1]',
	'https://[5f00::1]',
	'https://[fec0::1]',
	'https://[64:ff9b::a00:1]',
	'https://[fe80::1]',
	'https://[fd12::1]',
	'file:///etc/passwd',
])('%s may not', (address) => {
	expect(() => requireAllowed(new URL(address), published)).toThrow(AddressRefused);
});

test('a name is looked at when it is connected to', async () => {
	const strangers = createOutbound({ allowsLoopback: false, trustedHosts: [] });
	await expect(strangers(`https://localhost:${port}/`, options)).rejects.toThrow('private network');
	// Trusted, it is asked, and fails for want of TLS.
	await expect(createOutbound(published)(`https://localhost:${port}/`, options)).rejects.toThrow(
		/SSL|EPROTO/,
	);
	expect(asked).toEqual([]);
	const answer = await createOutbound(atHome)(`http://localhost:${port}/`, options);
	expect(await answer.text()).toBe('hello');
});

test('follows no redirect, and reads no more than it can use', async () => {
	const outbound = createOutbound(atHome);
	expect((await outbound(`http://localhost:${port}/away`, options)).status).toBe(302);
	expect(asked).not.toContain('/else');
	await expect(outbound(`http://localhost:${port}/long`, options)).rejects.toThrow('too long');
	await expect(
		outbound(`http://localhost:${port}/`, { ...options, signal: AbortSignal.abort() }),
	).rejects.toThrow(/abort/i);
});
