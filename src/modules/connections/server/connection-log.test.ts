import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceConnected } from '#ingest/edge/observer.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { keptConnections } from '../contract.ts';
import { ConnectionLog } from './connection-log.ts';
import { connectionHistory } from './history.ts';
import { dropOldConnections, endLeftOpen, noteAlive, readConnections } from './store.ts';

let db: TestDatabase;
beforeAll(async () => {
	db = await createTestDatabase();
});
afterAll(() => db.drop());

const startMs = Date.UTC(2026, 10, 20);
let connectionCount = 0;

function opened(deviceNo: number, atMs: number): DeviceConnected {
	connectionCount++;
	return {
		deviceNo,
		connectionNo: connectionCount,
		transport: 'mqtt',
		address: '192.0.2.1',
		atMs,
		clientId: 'half a pair \ud800, nothing \0',
		keepAliveSeconds: 60,
		isCleanSession: true,
		will: { topic: 'gone', bytes: Buffer.from([0, 255]) },
	};
}

function newLog(): ConnectionLog {
	return new ConnectionLog(db.database, createLog('silent'));
}

async function history(log: ConnectionLog, deviceNo: number) {
	return connectionHistory(await readConnections(db.database, deviceNo), log.known(deviceNo));
}

test('a connection reads the same before it is written, while it is open, and afterwards', async () => {
	const log = newLog();
	const connection = opened(1, startMs);
	const expected = {
		connectedAtMs: startMs,
		endedAtMs: null,
		reason: null,
		transport: 'mqtt',
		address: '192.0.2.1',
		keepAliveSeconds: 60,
		isCleanSession: true,
		will: { topic: 'gone', body: 'AP8=' },
		messages: 1,
		bytes: 5,
	};
	log.connected(connection);
	log.received({ deviceNo: 1, transport: 'mqtt', topic: '', body: Buffer.alloc(5), atMs: startMs });
	log.received({ deviceNo: 1, transport: 'http', topic: '', body: Buffer.alloc(7), atMs: startMs });
	expect(await history(log, 1)).toMatchObject([expected]);
	await log.write(startMs);
	expect(await history(log, 1)).toMatchObject([expected]);
	log.disconnected({ ...connection, atMs: startMs + 9, reason: 'keep_alive' });
	const ended = { ...expected, endedAtMs: startMs + 9, reason: 'keep_alive' };
	expect(await history(log, 1)).toMatchObject([ended]);
	await log.write(startMs);
	expect(log.known(1)).toEqual([]);
	expect(await history(log, 1)).toMatchObject([
		{ ...ended, clientId: 'half a pair \ufffd, nothing ' },
	]);
});

test('of a fleet that reconnects each device keeps its last connections', async () => {
	const log = newLog();
	const rounds = keptConnections + 3;
	for (let round = 0; round < rounds; round++) {
		for (let deviceNo = 100; deviceNo < 150; deviceNo++) {
			const connection = opened(deviceNo, startMs + round * 1_000);
			log.connected(connection);
			log.disconnected({ ...connection, atMs: connection.atMs + 500, reason: 'lost' });
		}
		if (round % 20 === 0) await log.write(startMs);
	}
	await log.write(startMs);
	const { rows } = await db.pool.query<{ count: number; first: Date; last: Date }>(
		`select count(*), min(connected_at) as first, max(connected_at) as last from device_connection
		where device_no between 100 and 149 group by device_no`,
	);
	expect(rows).toEqual(
		new Array(50).fill({
			count: keptConnections,
			first: new Date(startMs + 3_000),
			last: new Date(startMs + (rounds - 1) * 1_000),
		}),
	);
});

test('what a killed server left open ended when it lived last', async () => {
	const log = newLog();
	log.connected(opened(2, startMs));
	log.connected(opened(2, startMs + 60_000));
	await log.write(startMs + 30_000);
	await endLeftOpen(db.database);
	expect(await history(newLog(), 2)).toMatchObject([
		{ connectedAtMs: startMs + 60_000, endedAtMs: startMs + 60_000, reason: 'server_stopped' },
		{
			connectedAtMs: startMs,
			endedAtMs: startMs + 30_000,
			reason: 'server_stopped',
			messages: null,
		},
	]);
});

test('what cannot be written is written at the next time', async () => {
	const log = newLog();
	await db.pool.query('alter table device_connection rename to elsewhere');
	log.connected(opened(3, startMs));
	await log.write(startMs);
	await db.pool.query('alter table elsewhere rename to device_connection');
	await log.write(startMs);
	expect(await readConnections(db.database, 3)).toHaveLength(1);
});

test('connections of long ago are forgotten, those that are open are not', async () => {
	const log = newLog();
	const [past, open] = [opened(4, startMs), opened(4, startMs)];
	log.connected(past);
	log.connected(open);
	log.disconnected({ ...past, atMs: startMs + 1, reason: 'lost' });
	await log.write(startMs);
	await noteAlive(db.database, startMs);
	await dropOldConnections(db.database, startMs + 91 * 86_400_000);
	expect(await readConnections(db.database, 4)).toMatchObject([{ endedAtMs: null }]);
});
