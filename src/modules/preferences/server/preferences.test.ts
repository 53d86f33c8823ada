import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { foundOrganization } from '../../../../tests/harness/organization.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { maxPreferenceBytes, maxPreferences } from '../contract.ts';
import { servePreferenceRoutes } from './routes.ts';

const password = 'a sentence works well';
let db: TestDatabase;
let portal: TestPortal;
let one: string;
let other: string;
const elsewhere = 'mountain.example';

beforeAll(async () => {
	db = await createTestDatabase();
	const [harbour, mountain] = [
		await foundOrganization(db.database, 'Harbour', []),
		await foundOrganization(db.database, 'Mountain', [elsewhere]),
	];
	await newMember(harbour, 'one@example.org');
	await newMember(harbour, 'other@example.org');
	await newMember(mountain, 'one@example.org');
	portal = await startPortal(db, {
		add: async ({ app }) => servePreferenceRoutes(app, db.database),
	});
	one = await portal.signIn('one@example.org', password);
	other = await portal.signIn('other@example.org', password);
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

async function newMember(organizationNo: number, email: string): Promise<void> {
	await createMember(db.database, {
		organizationNo,
		name: email,
		email,
		password,
		role: 'operation',
		dealerNo: null,
		customerNos: null,
	});
}

function keep(cookie: string, key: string, value: unknown, host?: string): Promise<Response> {
	return portal.send(`/api/preferences/${key}`, {
		method: 'PUT',
		cookie,
		body: { value },
		...(host !== undefined && { host }),
	});
}

async function kept(cookie: string, key: string, host?: string): Promise<unknown> {
	const answer = await portal.send(`/api/preferences/${key}`, {
		cookie,
		...(host !== undefined && { host }),
	});
	return answer.json();
}

test('each person keeps their own, the newest counts, null forgets', async () => {
	expect(await kept(one, 'grid.fleet')).toEqual({ value: null });
	const value = { hidden: ['speed'], order: [], density: 'compact' };
	expect((await keep(one, 'grid.fleet', { hidden: [] })).status).toBe(200);
	expect((await keep(one, 'grid.fleet', value)).status).toBe(200);
	expect(await kept(one, 'grid.fleet')).toEqual({ value });
	expect(await kept(other, 'grid.fleet')).toEqual({ value: null });
	expect(await kept(one, 'grid.fleet', elsewhere)).toEqual({ value: null });
	expect((await keep(other, 'grid.fleet', 'theirs')).status).toBe(200);
	expect((await keep(one, 'grid.fleet', 'elsewhere', elsewhere)).status).toBe(200);
	expect((await keep(one, 'grid.map', 'another')).status).toBe(200);
	expect((await keep(one, 'grid.fleet', null)).status).toBe(200);
	expect(await kept(one, 'grid.fleet')).toEqual({ value: null });
	expect(await kept(other, 'grid.fleet')).toEqual({ value: 'theirs' });
	expect((await keep(other, 'grid.fleet', null)).status).toBe(200);
	expect(await kept(one, 'grid.fleet', elsewhere)).toEqual({ value: 'elsewhere' });
	expect(await kept(one, 'grid.map')).toEqual({ value: 'another' });
});

test('a preference has a name and a size that make sense', async () => {
	expect((await keep(one, 'Grid%20Fleet', {})).status).toBe(400);
	expect((await keep(one, 'grid.fleet', 'x'.repeat(maxPreferenceBytes))).status).toBe(413);
	// The database writes a space between the parts; what is accepted fits with them.
	const dense = Array.from({ length: maxPreferenceBytes / 2 - 1 }, () => 1);
	expect((await keep(one, 'grid.fleet', dense)).status).toBe(200);
});

test('somebody who keeps too many is told so', async () => {
	for (let place = 0; place < maxPreferences; place++)
		expect((await keep(other, `page-${place}`, place)).status).toBe(200);
	const answer = await keep(other, 'one-more', 1);
	expect(answer.status).toBe(400);
	expect(await answer.json()).toMatchObject({ code: 'invalid_input' });
	expect((await keep(other, 'page-7', 'changed')).status).toBe(200);
});

test('what is kept in one organization leaves room in another', async () => {
	for (let place = 0; place < maxPreferences; place++)
		expect((await keep(one, `page-${place}`, place, elsewhere)).status).toBe(
			place < maxPreferences - 1 ? 200 : 400,
		);
	expect((await keep(one, 'one-more', 1)).status).toBe(200);
});

test('nobody signed in keeps nothing', async () => {
	expect((await keep('', 'grid.fleet', {})).status).toBe(401);
});
