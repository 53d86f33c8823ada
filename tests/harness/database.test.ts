import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';

let one: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
	[one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => {
	await Promise.all([one.drop(), other.drop()]);
});

test('test databases are migrated and apart from each other', async () => {
	await one.database.insertInto('organization').values(organization()).execute();
	const count = (test: TestDatabase) =>
		test.database.selectFrom('organization').select('name').execute();
	expect(await count(one)).toEqual([{ name: 'Harbour' }]);
	expect(await count(other)).toEqual([]);
});

function organization() {
	return { name: 'Harbour', time_zone: 'UTC', country: 'IN', locale: 'en-IN' };
}
