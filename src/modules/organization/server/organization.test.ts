import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { brandForHost, createOrganization, hasDemoOrganization, hasOrganization } from './index.ts';

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

test('a host shows its organization, any other the first without hosts, or the only one there is', async () => {
	const nameAt = async (host: string) => (await brandForHost(db.database, host)).name;
	const unnamed = await nameAt('localhost');
	await create('Harbour', ['Harbour.example']);
	expect(await nameAt('localhost')).toBe('Harbour');
	await create('Delta', ['delta.example']);
	expect(await nameAt('localhost')).toBe(unnamed);
	await create('Mountain', []);
	await create('Valley', []);
	expect(await nameAt('localhost')).toBe('Mountain');
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
