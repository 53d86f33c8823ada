import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import pg from 'pg';
import { expect, test } from 'vitest';
import { readConfig } from '#platform/config.ts';
import { MigrationError } from '#platform/database/migrate.ts';
import { startFailureSentence } from './start-failure.ts';

async function rejection(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => expect.unreachable('It succeeded.'),
		(error: unknown) => error,
	);
}

async function listen(port: number): Promise<{ server: Server; port: number }> {
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') return expect.unreachable();
	return { server, port: address.port };
}

test.each(['PORT', 'MQTT_PORT'])('a taken port names its setting: %s', async (setting) => {
	const { server, port } = await listen(0);
	const error = await rejection(listen(port));
	const config = readConfig({ [setting]: String(port) });
	expect(startFailureSentence(error, config)).toBe(
		`Port ${port} is in use. Stop the other program or start with ${setting}=${port + 1} npm start.`,
	);
	server.close();
});

test('a database that is not there is named without its password', async () => {
	// A port on which nobody but an administrator could listen.
	const url = 'postgres://someone:secret@127.0.0.1:1/fleet';
	const error = await rejection(new pg.Client({ connectionString: url }).connect());
	const sentence = startFailureSentence(error, readConfig({ DATABASE_URL: url }));
	expect(sentence).toContain('The database at postgres://someone@127.0.0.1:1/fleet');
	expect(sentence).not.toContain('secret');
});

test('a wrong setting and a database of a newer version speak for themselves', async () => {
	const wrong = await rejection((async () => readConfig({ PORT: 'eighty' }))());
	expect(startFailureSentence(wrong, null)).toContain('The setting PORT must be a port number');
	const newer = new MigrationError('The database was made by a newer version.');
	expect(startFailureSentence(newer, readConfig({}))).toBe(newer.message);
});

test('a fault of the program has no sentence', () => {
	expect(startFailureSentence(new TypeError('x is not a function'), readConfig({}))).toBeNull();
});
