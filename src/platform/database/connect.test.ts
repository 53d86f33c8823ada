import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { openDatabaseLine } from '../../../tests/harness/database-line.ts';
import { createPool, isUnavailable } from './connect.ts';

let db: TestDatabase;
beforeAll(async () => {
	db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a connection that breaks while it is lent out fails the query and nothing else', async () => {
	const line = await openDatabaseLine(db.url);
	const pool = createPool(line.url, 'test', 1);
	const client = await pool.connect();
	const query = client.query('select pg_sleep(60)');
	const failure = query.catch((error: unknown) => error);
	await line.cut();
	expect(isUnavailable(await failure)).toBe(true);
	client.release();
	await line.restore();
	expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
	await pool.end();
	await line.close();
});
