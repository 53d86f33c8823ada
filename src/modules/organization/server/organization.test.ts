import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import {
	createOrganization,
	findNameForHost,
	hasDemoOrganization,
	hasOrganization,
} from './index.ts';

let db: TestDatabase;
beforeEach(async () => {
	db = await createTestDatabase();
});
afterEach(() => db.drop());

function create(name: string, hosts: string[], isDemo = false): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo,
		hosts,
	});
}

test('a host names its organization, any other the only one there is', async () => {
	const nameAt = (host: string) => findNameForHost(db.database, host);
	expect(await nameAt('localhost')).toBeNull();
	await create('Harbour', ['Harbour.example']);
	expect(await nameAt('localhost')).toBe('Harbour');
	await create('Mountain', []);
	expect(await nameAt('localhost')).toBeNull();
	expect(await nameAt('HARBOUR.example')).toBe('Harbour');
});

test('a host belongs to one organization', async () => {
	await create('Harbour', ['fleet.example']);
	await expect(create('Mountain', ['FLEET.example'])).rejects.toThrow(/duplicate key/);
});

test('knows whether there is an organization, and a demo', async () => {
	const known = async () => [
		await hasOrganization(db.database),
		await hasDemoOrganization(db.database),
	];
	expect(await known()).toEqual([false, false]);
	await create('Harbour', []);
	expect(await known()).toEqual([true, false]);
	await create('Demo', [], true);
	expect(await known()).toEqual([true, true]);
});
