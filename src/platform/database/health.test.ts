import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { type DatabaseLine, openDatabaseLine } from '../../../tests/harness/database-line.ts';
import { until } from '../../../tests/harness/until.ts';
import { createPool, isUnavailable } from './connect.ts';
import { createDatabaseHealth, type DatabaseHealth } from './health.ts';

let db: TestDatabase;
let line: DatabaseLine;
let pool: ReturnType<typeof createPool>;
let health: DatabaseHealth;

beforeAll(async () => {
	db = await createTestDatabase();
});
beforeEach(async () => {
	line = await openDatabaseLine(db.url);
	pool = createPool(line.url, 'test', 2);
	health = createDatabaseHealth({ pool, log: pino({ level: 'silent' }) });
	health.start();
});
afterEach(async () => {
	health.stop();
	await line.close();
	await pool.end();
});
afterAll(() => db.drop());

const becomes = (isUp: boolean) => until(() => expect(health.isUp()).toBe(isUp));

test('counts the database as down some seconds after it is gone, and as up at its first answer', async () => {
	const answeredAtMs = performance.now();
	health.report(null);
	await line.cut();
	await becomes(false);
	expect(performance.now() - answeredAtMs).toBeGreaterThanOrEqual(3_000);
	await line.restore();
	await becomes(true);
});

test('counts a database that hangs as down, and lets nobody wait for it', async () => {
	await pool.query('select 1');
	const lent = await pool.connect();
	line.freeze();
	const failure = lent.query('select 1').catch((error: unknown) => error);
	await becomes(false);
	expect(isUnavailable(await failure)).toBe(true);
	lent.release();
	await line.cut();
	await line.restore();
	await becomes(true);
});

test('believes what others report; an error from the database shows that it is there', async () => {
	const error = await db.pool.query('select 1 / 0').catch((cause: unknown) => cause);
	await line.cut();
	await becomes(false);
	health.report(error);
	expect(health.isUp()).toBe(true);
});
