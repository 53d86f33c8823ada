import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scope } from '#contract/scope.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { registerDevices } from '#modules/products/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { createCustomer, createDealer, listCustomers, listDealers } from './index.ts';

let db: TestDatabase;
let harbour: number;
let north: number;
let south: number;
const numbers: Record<string, number> = {};
const devices: Record<string, number> = {};

beforeAll(async () => {
	db = await createTestDatabase();
	harbour = await newOrganization();
	north = await createDealer(db.database, harbour, { name: 'North', city: 'Pune' });
	south = await createDealer(db.database, harbour, { name: 'South', city: null });
	await newCustomer('Asha', harbour, north);
	await newCustomer('Bela', harbour, north);
	await newCustomer('Cara', harbour, south);
	await newCustomer('Dina', harbour, null);
	const foreign = await newOrganization();
	await newCustomer(
		'Foreign',
		foreign,
		await createDealer(db.database, foreign, { name: 'North', city: null }),
	);
	for (const name of ['Asha', 'Cara'])
		devices[name] = await newDevice(`OF-${name}`, numbers[name] ?? null);
});
afterAll(() => db.drop());

function newOrganization(): Promise<number> {
	return createOrganization(db.database, {
		name: 'Harbour',
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts: [],
	});
}

async function newDevice(deviceId: string, customerNo: number | null): Promise<number> {
	const [registered] = await registerDevices(db.database, harbour, [
		{
			deviceId,
			telematicsId: null,
			name: null,
			simNo: null,
			family: 'ev',
			transport: null,
			vehicle: null,
			customerNo,
			dealerNo: null,
		},
	]);
	return registered?.deviceNo ?? 0;
}

async function newCustomer(name: string, organizationNo: number, dealerNo: number | null) {
	numbers[name] = await createCustomer(db.database, organizationNo, {
		name,
		dealerNo,
		email: `${name.toLowerCase()}@example.com`,
		mobile: null,
		address: null,
		city: 'Pune',
		pinCode: null,
	});
}

test('lists customers and dealers as far as a scope reaches', async () => {
	const everything: Scope = {
		organizationNo: harbour,
		dealerNo: null,
		customerNos: null,
		deviceNos: null,
	};
	const no = (name: string) => numbers[name] ?? 0;
	const cases: [Partial<Scope>, string, string][] = [
		[{}, 'Asha Bela Cara Dina', 'North South'],
		[{ dealerNo: north }, 'Asha Bela', 'North'],
		[{ customerNos: [no('Bela'), no('Cara')] }, 'Bela Cara', 'North South'],
		[{ customerNos: [no('Dina'), no('Foreign')] }, 'Dina', ''],
		[{ customerNos: [] }, '', ''],
		[{ dealerNo: north, customerNos: [no('Bela'), no('Cara')] }, 'Bela', 'North'],
		[{ deviceNos: [devices.Cara ?? 0] }, 'Cara', 'South'],
		[{ deviceNos: [devices.Cara ?? 0], customerNos: [no('Asha')] }, '', ''],
	];
	for (const [narrowed, customers, dealers] of cases) {
		const scope = { ...everything, ...narrowed };
		const names = (rows: { name: string }[]) => rows.map((row) => row.name).join(' ');
		expect([
			narrowed,
			names(await listCustomers(db.database, scope)),
			names(await listDealers(db.database, scope)),
		]).toEqual([narrowed, customers, dealers]);
	}
});

test('keeps customers and dealers of one organization together', async () => {
	const foreign = await newOrganization();
	await expect(newCustomer('Mixed', foreign, north)).rejects.toThrow(/foreign key/);
	const [asha] = await listCustomers(db.database, {
		organizationNo: harbour,
		dealerNo: north,
		customerNos: null,
		deviceNos: null,
	});
	expect(asha).toEqual({
		customerNo: numbers.Asha,
		name: 'Asha',
		city: 'Pune',
		dealerNo: north,
		locationNo: null,
	});
});
