import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scope } from '#contract/scope.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { findMatch } from './search.ts';

const vins = ['MDQX-00000041', 'MDQY-00000041', 'MDQX-00000042', 'Zß%_\\ 00000041', 'ab1'];
const deviceIds = ['8686-00000041', '8687-00000041', 'VCU 42', '日本-12345678'];

let db: TestDatabase;
let scope: Scope;

beforeAll(async () => {
	db = await createTestDatabase();
	const { rows } = await db.pool.query<{ organization_no: number }>(
		`insert into organization (name, time_zone, country, locale) values ('Harbour', 'UTC', 'IN', 'en-IN')
		returning organization_no`,
	);
	const organizationNo = rows[0]?.organization_no ?? 0;
	scope = { organizationNo, dealerNo: null, customerNos: null, deviceNos: null };
	await db.pool.query(
		'insert into vehicle (organization_no, vin) select $1, vin from unnest($2::text[]) vin',
		[organizationNo, vins],
	);
	await db.pool.query(
		`insert into device (organization_no, device_id, family)
		select $1, device_id, 'ev' from unnest($2::text[]) device_id`,
		[organizationNo, deviceIds],
	);
});
afterAll(() => db.drop());

test('finds what contains the whole text, however much of it the index was asked for', async () => {
	const names = fc.constantFrom(...vins, ...deviceIds);
	const part = fc
		.tuple(names, fc.nat(12), fc.integer({ min: 1, max: 14 }), fc.constantFrom('', '', 'x', '8'))
		.map(([name, from, length, before]) => before + name.slice(from, from + length))
		.filter((text) => text !== '');
	await fc.assert(
		fc.asyncProperty(part, async (text) => {
			const match = await findMatch(db.database, scope, text, []);
			const found = await db.pool.query<{ name: string }>(
				`select device_id as name from device where device_no = any($1)
				union all select vin from vehicle where vehicle_no = any($2)`,
				[[...match.deviceNos], [...match.vehicleNos]],
			);
			const wanted = text.toLowerCase();
			expect(found.rows.map((row) => row.name).sort()).toEqual(
				[...vins, ...deviceIds].filter((name) => name.toLowerCase().includes(wanted)).sort(),
			);
		}),
		{ numRuns: 200 },
	);
});
