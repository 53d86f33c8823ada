import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Belonging, isInScope, type Scope } from '#contract/scope.ts';
import { hashDeviceKey } from '#ingest/edge/device-directory.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import {
	createProducts,
	inScope,
	type NewDevice,
	type NewVehicle,
	type Products,
	registerDevices,
} from './index.ts';

let db: TestDatabase;
let products: Products;
let organizationNo: number;
const changed: number[][] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	products = createProducts(db.database, (deviceNos) => {
		changed.push([...deviceNos]);
	});
	organizationNo = await newOrganization();
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

function newCustomer(name: string, organization = organizationNo): Promise<number> {
	return createCustomer(db.database, organization, {
		name,
		dealerNo: null,
		email: null,
		mobile: null,
		address: null,
		city: null,
		pinCode: null,
	});
}

function device(deviceId: string, parts: Partial<NewDevice> = {}): NewDevice {
	return {
		deviceId,
		telematicsId: null,
		name: null,
		simNo: null,
		family: 'ev',
		transport: 'gsm',
		vehicle: null,
		customerNo: null,
		dealerNo: null,
		...parts,
	};
}

function vehicle(vin: string, parts: Partial<NewVehicle> = {}): NewVehicle {
	return {
		vin,
		registrationNo: null,
		model: null,
		motorId: null,
		bmsId: null,
		batteryModel: null,
		productStatus: 'sold',
		...parts,
	};
}

function readDevice(deviceNo: number) {
	return db.database
		.selectFrom('v_device')
		.selectAll()
		.where('device_no', '=', deviceNo)
		.executeTakeFirstOrThrow();
}

function readAssignments(deviceNo: number) {
	return db.database
		.selectFrom('device_assignment')
		.select([
			'vehicle_no',
			'customer_no',
			sql<boolean>`upper_inf(during)`.as('is_current'),
			sql<boolean>`lower(during) = coalesce(lag(upper(during)) over (order by during), lower(during))`.as(
				'follows_on',
			),
		])
		.where('device_no', '=', deviceNo)
		.orderBy('during')
		.execute();
}

test('registers devices with vehicles and belonging, in order, and keeps only hashes of their keys', async () => {
	const customerNo = await newCustomer('Sunrise');
	const dealerNo = await createDealer(db.database, organizationNo, {
		name: 'North',
		city: null,
	});
	const registered = await products.registerDevices(organizationNo, [
		device('VCU-2', {
			telematicsId: 'T-2',
			vehicle: vehicle('VIN2', { bmsId: 'B2' }),
			customerNo,
			dealerNo,
		}),
		device('GC-1', { family: 'x_pro', transport: 'wifi', name: 'Genset 1' }),
	]);
	expect(registered.map((each) => each.deviceId)).toEqual(['VCU-2', 'GC-1']);
	expect(changed.at(-1)).toEqual(registered.map((each) => each.deviceNo));

	const [fitted, alone] = registered;
	expect(await readDevice(fitted!.deviceNo)).toMatchObject({
		organization_no: organizationNo,
		device_id: 'VCU-2',
		telematics_id: 'T-2',
		vin: 'VIN2',
		bms_id: 'B2',
		customer_name: 'Sunrise',
		dealer_name: 'North',
		product_status: 'sold',
	});
	expect(await readDevice(alone!.deviceNo)).toMatchObject({
		name: 'Genset 1',
		family: 'x_pro',
		vin: null,
		customer_no: null,
	});

	const { key_hash } = await db.database
		.selectFrom('device')
		.select('key_hash')
		.where('device_no', '=', fitted!.deviceNo)
		.executeTakeFirstOrThrow();
	expect(Buffer.from(fitted!.key, 'base64url')).toHaveLength(32);
	expect(key_hash).toEqual(hashDeviceKey(fitted!.key));
	expect(fitted!.key).not.toBe(alone!.key);
});

test('registers all or none, and names what is in use without saying where', async () => {
	await products.registerDevices(organizationNo, [
		device('USED-1', {
			telematicsId: 'USED-T',
			vehicle: vehicle('USED-VIN', { bmsId: 'USED-B', motorId: 'USED-M' }),
		}),
	]);
	const announced = changed.length;
	const cases: [NewDevice, string][] = [
		[device('USED-1'), 'Device ID USED-1'],
		[device('NEW-2', { telematicsId: 'USED-T' }), 'Telematics ID USED-T'],
		[device('NEW-2', { vehicle: vehicle('USED-VIN') }), 'VIN USED-VIN'],
		[device('NEW-2', { vehicle: vehicle('V', { bmsId: 'USED-B' }) }), 'BMS Id USED-B'],
		[device('NEW-2', { vehicle: vehicle('V', { motorId: 'USED-M' }) }), 'Motor ID USED-M'],
	];
	for (const [second, value] of cases)
		await expect(
			products.registerDevices(organizationNo, [device('NEW-1'), second]),
		).rejects.toMatchObject({
			code: 'already_in_use',
			message: `${value} is already in use. Ask your administrator.`,
		});
	expect(changed).toHaveLength(announced);
	const left = await db.database
		.selectFrom('device')
		.select('device_id')
		.where('device_id', 'like', 'NEW-%')
		.execute();
	expect(left).toEqual([]);

	// Device and telematics ids are taken in the whole installation; VIN, BMS and motor ids in one organization.
	const elsewhere = await newOrganization();
	await expect(registerDevices(db.database, elsewhere, [device('USED-1')])).rejects.toThrow(
		'Device ID USED-1 is already in use',
	);
	const same = device('OTHER-1', { vehicle: vehicle('USED-VIN', { bmsId: 'USED-B' }) });
	expect(await registerDevices(db.database, elsewhere, [same])).toHaveLength(1);
});

test('refuses a device id that is no topic level, and customers of others', async () => {
	await expect(products.registerDevices(organizationNo, [device('a/b')])).rejects.toMatchObject({
		code: 'invalid_input',
	});
	const foreign = await newCustomer('Foreign', await newOrganization());
	await expect(
		products.registerDevices(organizationNo, [device('FOREIGN-1', { customerNo: foreign })]),
	).rejects.toThrow(/foreign key/);
});

test('registers inside the transaction of the caller', async () => {
	const rolledBack = db.database.transaction().execute(async (transaction) => {
		await registerDevices(transaction, organizationNo, [device('ROLLED-BACK')]);
		throw new Error('changed my mind');
	});
	await expect(rolledBack).rejects.toThrow('changed my mind');
	const found = await db.database
		.selectFrom('device')
		.select('device_no')
		.where('device_id', '=', 'ROLLED-BACK')
		.execute();
	expect(found).toEqual([]);
});

test('registers more devices than fit into one statement', async () => {
	const many = Array.from({ length: 10_001 }, (_, index) =>
		device(`MANY-${index}`, { vehicle: vehicle(`MANYVIN-${index}`) }),
	);
	const registered = await products.registerDevices(organizationNo, many);
	expect(registered.map((each) => each.deviceId)).toEqual(many.map((each) => each.deviceId));
	expect(new Set(registered.map((each) => each.deviceNo)).size).toBe(many.length);
	const last = registered.at(-1)!;
	expect(await readDevice(last.deviceNo)).toMatchObject({ vin: 'MANYVIN-10000' });
});

test('keeps who had a device when, without gap or overlap', async () => {
	const [one, two] = [await newCustomer('One'), await newCustomer('Two')];
	const [registered] = await products.registerDevices(organizationNo, [
		device('HANDED-ON', { customerNo: one }),
	]);
	const { deviceNo } = registered!;
	const give = (customerNo: number) =>
		products.assignDevice(organizationNo, deviceNo, {
			vehicleNo: null,
			customerNo,
			dealerNo: null,
		});
	const announced = changed.length;
	await give(one);
	expect(changed).toHaveLength(announced);
	await give(two);
	expect(changed.at(-1)).toEqual([deviceNo]);
	await Promise.all([give(one), give(two), give(one), give(two)]);

	const assignments = await readAssignments(deviceNo);
	expect(assignments.slice(0, 2).map((each) => each.customer_no)).toEqual([one, two]);
	expect(assignments.every((each) => each.follows_on)).toBe(true);
	expect(assignments.filter((each) => each.is_current)).toHaveLength(1);

	await expect(
		products.assignDevice(await newOrganization(), deviceNo, {
			vehicleNo: null,
			customerNo: null,
			dealerNo: null,
		}),
	).rejects.toMatchObject({ code: 'not_found' });
});

test('SQL and the pure rule agree on what lies in scope', async () => {
	const organizations = [await newOrganization(), await newOrganization()];
	const devices: (Belonging & { deviceNo: number })[] = [];
	const customers: number[] = [];
	const dealers: number[] = [];
	for (const [index, no] of organizations.entries()) {
		const customerNos = [await newCustomer('A', no), await newCustomer('B', no), null];
		const dealerNos = [
			await createDealer(db.database, no, { name: 'A', city: null }),
			await createDealer(db.database, no, { name: 'B', city: null }),
			null,
		];
		customers.push(...customerNos.filter((customer) => customer !== null));
		dealers.push(...dealerNos.filter((dealer) => dealer !== null));
		const belongings = customerNos.flatMap((customerNo) =>
			dealerNos.map((dealerNo) => ({ organizationNo: no, customerNo, dealerNo })),
		);
		const registered = await registerDevices(
			db.database,
			no,
			belongings.map((belonging, place) => device(`SCOPE-${index}-${place}`, belonging)),
		);
		devices.push(...registered.map(({ deviceNo }, place) => ({ deviceNo, ...belongings[place]! })));
	}
	const some = (numbers: number[]) =>
		fc.option(fc.subarray([...numbers, 2_000_000_000], { minLength: 0 }));
	const scopes: fc.Arbitrary<Scope> = fc.record({
		organizationNo: fc.constantFrom(...organizations, 2_000_000_000),
		dealerNo: fc.option(fc.constantFrom(...dealers, 2_000_000_000)),
		customerNos: some(customers),
		deviceNos: some(devices.map((each) => each.deviceNo)),
	});
	await fc.assert(
		fc.asyncProperty(scopes, async (scope) => {
			const found = await db.database
				.selectFrom('v_device as d')
				.select('d.device_no')
				.where('d.device_id', 'like', 'SCOPE-%')
				.where(inScope(scope))
				.orderBy('d.device_no')
				.execute();
			const expected = devices.filter((each) => isInScope(scope, each.deviceNo, each));
			expect(found.map((each) => each.device_no)).toEqual(expected.map((each) => each.deviceNo));
		}),
		{ numRuns: 300 },
	);
});
