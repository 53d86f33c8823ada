import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { transports } from '#contract/family.ts';
import type { Role } from '#contract/roles.ts';
import { DeviceDirectory } from '#ingest/edge/device-directory.ts';
import { createCustomer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import { createTestDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../../tests/harness/portal.ts';
import {
	addDevice,
	type DeviceEdit,
	listAssignments,
	registeredDeviceSchema,
	registryPageSchema,
	renewDeviceKey,
} from '../../contract.ts';
import { type NewDevice, registerDevices, serveDeviceRegistry } from '../index.ts';
import { deviceEditWords } from './rules.ts';

const password = 'a sentence works well';

let db: TestDatabase;
let portal: TestPortal;
let directory: DeviceDirectory;
let organizationNo: number;
let customerNo: number;
const cookies = new Map<string, string>();
const announced: number[] = [];
const disconnected: number[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	directory = new DeviceDirectory(db.pool);
	portal = await startPortal(db, {
		add: async ({ app, log }) =>
			serveDeviceRegistry(app, {
				pool: db.pool,
				database: db.database,
				log,
				announce: (deviceNos) => void announced.push(...deviceNos),
				disconnect: (deviceNo) => void disconnected.push(deviceNo),
			}),
	});
	organizationNo = await newOrganization('Harbour', []);
	customerNo = await createCustomer(db.database, organizationNo, {
		name: 'Sunrise',
		dealerNo: null,
		email: null,
		mobile: null,
		address: null,
		city: null,
		pinCode: null,
	});
	await newMember('admin', 'admin');
	await newMember('operation', 'operation');
	await newMember('narrowed', 'admin', [customerNo]);
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

function newOrganization(name: string, hosts: readonly string[]): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts,
	});
}

async function newMember(name: string, role: Role, customerNos: number[] | null = null) {
	const email = `${name}@example.org`;
	await createMember(db.database, {
		organizationNo,
		name,
		email,
		password,
		role,
		dealerNo: null,
		customerNos,
	});
	cookies.set(name, await portal.signIn(email, password));
}

function register(deviceId: string, parts: Partial<NewDevice> = {}, organization = organizationNo) {
	return registerDevices(db.database, organization, [
		{
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
		},
	]);
}

interface Sent {
	readonly as?: string;
	readonly method?: string;
	readonly body?: object;
}

async function send(path: string, { as = 'admin', ...request }: Sent = {}) {
	const answer = await portal.send(`/api/admin${path}`, {
		cookie: cookies.get(as) ?? '',
		...request,
	});
	const body: unknown = await answer.json();
	return { status: answer.status, body };
}

async function ask<Schema extends z.ZodType>(schema: Schema, path: string, sent: Sent = {}) {
	const { status, body } = await send(path, sent);
	expect(status, JSON.stringify(body)).toBe(200);
	return schema.parse(body);
}

async function list(query: string, as = 'admin'): Promise<string[]> {
	const page = await ask(registryPageSchema, `/devices?${query}`, { as });
	expect(page).toMatchObject({ total: page.rows.length, totalIsExact: true });
	return page.rows.map(({ deviceId }) => deviceId);
}

async function canConnect(deviceId: string, key: string): Promise<boolean> {
	return (await directory.authenticate(deviceId, Buffer.from(key))).device !== null;
}

function newDevice(deviceId: string, parts: object = {}) {
	return {
		deviceId,
		telematicsId: null,
		name: null,
		simNo: null,
		family: 'ev',
		transport: 'gsm',
		reportingIntervalSeconds: 60,
		confirm: 'Confirm',
		...parts,
	};
}

function add(deviceId: string, parts: object = {}) {
	return ask(addDevice.reply, '/devices', { body: newDevice(deviceId, parts) });
}

test('a device is added with a key that lets it in and that nobody hears again', async () => {
	const { key } = await add('ADD-1', { telematicsId: ' T-1 ', name: '', simNo: '8991' });
	expect(await canConnect('ADD-1', key)).toBe(true);
	expect(await canConnect('ADD-1', `${key}x`)).toBe(false);
	const { body } = await send('/devices/ADD-1');
	expect(body).toMatchObject({
		telematicsId: 'T-1',
		name: null,
		simNo: '8991',
		reportingIntervalSeconds: 60,
		keyState: 'set',
		lastHeardAtMs: null,
	});
	expect(announced).toContain(registeredDeviceSchema.parse(body).deviceNo);
	const audit = await db.pool.query(
		`select action, user_email, after from audit_entry where subject_id = 'ADD-1'`,
	);
	expect(audit.rows).toMatchObject([{ action: 'device.add', user_email: 'admin@example.org' }]);
	expect(JSON.stringify([body, audit.rows])).not.toContain(key);
	expect(portal.logged()).not.toContain(key);
});

test('an id that is in use is refused at its field; where, only to those who may see it', async () => {
	await add('TAKEN-1', { telematicsId: 'TT-1' });
	const other = await newOrganization('Other', ['other.example.org']);
	await register('TAKEN-2', { telematicsId: 'TT-2' }, other);
	for (const [parts, path, message] of [
		[
			{ deviceId: 'TAKEN-1' },
			'deviceId',
			'Device ID TAKEN-1 is already in use by the device TAKEN-1.',
		],
		[
			{ telematicsId: 'TT-1' },
			'telematicsId',
			'Telematics ID TT-1 is already in use by the device TAKEN-1.',
		],
		[
			{ deviceId: 'TAKEN-2' },
			'deviceId',
			'Device ID TAKEN-2 is already in use. Ask your administrator.',
		],
		[
			{ telematicsId: 'TT-2' },
			'telematicsId',
			'Telematics ID TT-2 is already in use. Ask your administrator.',
		],
		[
			{ deviceId: 'TAKEN-2', telematicsId: 'TT-1' },
			'deviceId',
			'Device ID TAKEN-2 is already in use. Ask your administrator.',
		],
	] as const)
		expect(await send('/devices', { body: newDevice('FREE-1', parts) })).toMatchObject({
			status: 409,
			body: { detail: message, fields: [{ path: `body.${path}`, message }] },
		});
	expect((await send('/devices/FREE-1')).status).toBe(404);
	expect((await send('/devices/TAKEN-2')).status).toBe(404);
});

test('what cannot be is refused, and nothing is done without the typed word', async () => {
	for (const parts of [
		{ deviceId: '+1' },
		{ family: 'none' },
		{ reportingIntervalSeconds: 0 },
		{ name: 'a\u0000b' },
		{ name: 'x'.repeat(101) },
		{ confirm: 'yes' },
	])
		expect((await send('/devices', { body: newDevice('WRONG-1', parts) })).status).toBe(400);
	expect((await send('/devices/WRONG-1')).status).toBe(404);
});

test('the list searches, filters and sorts', async () => {
	const wanted = { transport: 'wifi', family: 'ultra' } as const;
	const vehicle = {
		registrationNo: null,
		model: null,
		motorId: null,
		bmsId: null,
		batteryModel: null,
		productStatus: 'sold',
	} as const;
	await register('LIST-A', { ...wanted, telematicsId: 'LT-3', simNo: '777001' });
	await register('LIST-B', { ...wanted, telematicsId: 'LT-2', name: 'Pump 100%' });
	await register('LIST-C', {
		...wanted,
		telematicsId: 'LT-1',
		customerNo,
		vehicle: { ...vehicle, vin: 'LISTVIN0001' },
	});
	const [heard] = await register('LIST-D', { family: 'unified', transport: 'gsm' });
	await db.pool.query(
		`insert into device_state (device_no, revision, last_heard_at, clock_wrong, firmware)
		values ($1, 1, now(), true, '2.1')`,
		[heard?.deviceNo],
	);
	expect(await list('q=list-&sort=created&direction=asc')).toEqual([
		'LIST-A',
		'LIST-B',
		'LIST-C',
		'LIST-D',
	]);
	expect(await list('q=LIST-&sort=telematics_id&direction=asc&family=ultra')).toEqual([
		'LIST-C',
		'LIST-B',
		'LIST-A',
	]);
	expect(await list('q=LIST-&sort=device_id&heard=never')).toEqual(['LIST-C', 'LIST-B', 'LIST-A']);
	expect(await list('q=LIST-&transport=gsm')).toEqual(['LIST-D']);
	expect(await list('q=777001')).toEqual(['LIST-A']);
	expect(await list('q=0%25')).toEqual(['LIST-B']);
	expect(await list('q=tvin')).toEqual(['LIST-C']);
	expect(await list('q=LT-1&state=retired')).toEqual([]);
	const second = await ask(
		registryPageSchema,
		'/devices?q=LIST-&sort=device_id&direction=asc&page=2&pageSize=3',
	);
	expect(second).toMatchObject({ total: 4, rows: [{ deviceId: 'LIST-D' }] });
	const page = await ask(registryPageSchema, '/devices?q=LIST-D');
	expect(page.rows).toMatchObject([{ clockWrong: true, firmware: '2.1', customerName: null }]);
});

test('who sees a part of the organization lists and changes that, and adds nothing', async () => {
	await register('PART-1', { customerNo });
	await register('PART-2');
	expect(await list('q=PART-', 'narrowed')).toEqual(['PART-1']);
	for (const path of ['/devices/PART-2', '/devices/PART-2/assignments'])
		expect((await send(path, { as: 'narrowed' })).status).toBe(404);
	const confirm = 'Confirm';
	for (const action of ['key', 'retire', 'bring-back'])
		expect(
			(await send(`/devices/PART-2/${action}`, { as: 'narrowed', body: { confirm } })).status,
		).toBe(404);
	expect((await send('/devices', { as: 'narrowed', body: newDevice('PART-3') })).status).toBe(403);
	expect((await send('/device-imports', { as: 'narrowed' })).status).toBe(403);
	expect((await send('/devices/PART-1/retire', { as: 'narrowed', body: { confirm } })).status).toBe(
		200,
	);
});

test('Operation reads and changes nothing', async () => {
	await register('READ-1');
	const as = 'operation';
	expect(await list('q=READ-1', as)).toEqual(['READ-1']);
	const body = { confirm: 'Confirm' };
	expect((await send('/devices', { as, body: newDevice('READ-2') })).status).toBe(403);
	for (const action of ['key', 'retire', 'bring-back'])
		expect((await send(`/devices/READ-1/${action}`, { as, body })).status).toBe(403);
	expect((await send('/device-imports', { as })).status).toBe(403);
});

function edit(deviceId: string, before: DeviceEdit, after: DeviceEdit) {
	return send(`/devices/${deviceId}`, {
		method: 'PUT',
		body: { before, after, confirm: 'confirm' },
	});
}

test('the second of two editors is told what the first changed', async () => {
	await register('EDIT-1', { name: 'First', simNo: '1' });
	const before: DeviceEdit = {
		name: 'First',
		simNo: '1',
		transport: 'gsm',
		reportingIntervalSeconds: 300,
		osmandAllowed: false,
	};
	const one = { ...before, name: 'Second', reportingIntervalSeconds: 60, osmandAllowed: true };
	expect(await edit('EDIT-1', before, one)).toMatchObject({ status: 200, body: one });
	expect(await edit('EDIT-1', before, { ...before, simNo: '2' })).toMatchObject({
		status: 409,
		body: {
			code: 'changed_meanwhile',
			detail: expect.stringContaining(
				'Name is now “Second”, Reporting interval is now 60 s, OsmAnd without a key is now allowed.',
			),
		},
	});
	expect(await edit('EDIT-1', one, { ...one, simNo: null })).toMatchObject({
		status: 200,
		body: { name: 'Second', simNo: null },
	});
	const { rows } = await db.pool.query(
		`select before, after from audit_entry where subject_id = 'EDIT-1' order by audit_no`,
	);
	expect(rows).toEqual([
		{ before, after: one },
		{ before: one, after: { ...one, simNo: null } },
	]);
});

test('changes are named exactly when there are any', () => {
	const device = fc.record<DeviceEdit>({
		name: fc.option(fc.constantFrom('a', 'b')),
		simNo: fc.option(fc.constantFrom('1', '2')),
		transport: fc.option(fc.constantFrom(...transports)),
		reportingIntervalSeconds: fc.constantFrom(1, 60),
		osmandAllowed: fc.boolean(),
	});
	fc.assert(
		fc.property(device, device, (before, now) => {
			const differing = Object.entries(before).filter(
				([field, value]) => Object.entries(now).find(([name]) => name === field)?.[1] !== value,
			);
			expect(changesMeanwhile(before, now, deviceEditWords)?.split(', ').length ?? 0).toBe(
				differing.length,
			);
		}),
	);
});

test('two editors at once: one is told that the other was faster', async () => {
	await register('EDIT-2', { name: 'Start' });
	const before: DeviceEdit = {
		name: 'Start',
		simNo: null,
		transport: 'gsm',
		reportingIntervalSeconds: 300,
		osmandAllowed: false,
	};
	const answers = await Promise.all(
		['A', 'B', 'C'].map((name) => edit('EDIT-2', before, { ...before, name })),
	);
	expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
});

test('a renewed key works at once, the old one until its time is over', async () => {
	const { key: first } = await add('RENEW-1');
	const renew = (graceHours?: number) =>
		ask(renewDeviceKey.reply, '/devices/RENEW-1/key', {
			body: { confirm: 'Confirm', ...(graceHours !== undefined && { graceHours }) },
		});
	const second = await renew();
	expect(second.oldKeyValidUntilMs).toBeGreaterThan(Date.now() + 23 * 3_600_000);
	expect(await canConnect('RENEW-1', first)).toBe(true);
	expect(await canConnect('RENEW-1', second.key)).toBe(true);
	expect(await ask(registeredDeviceSchema, '/devices/RENEW-1')).toMatchObject({
		keyState: 'renewed',
		oldKeyValidUntilMs: second.oldKeyValidUntilMs,
	});
	await db.pool.query(`update device set old_key_valid_until = now() where device_id = 'RENEW-1'`);
	expect(await canConnect('RENEW-1', first)).toBe(false);
	expect(await canConnect('RENEW-1', second.key)).toBe(true);

	const before = disconnected.length;
	const third = await renew(1);
	expect(disconnected.length).toBe(before);
	const fourth = await renew(0);
	expect(disconnected.length).toBe(before + 1);
	expect(fourth.oldKeyValidUntilMs).toBeNull();
	for (const ended of [first, second.key, third.key])
		expect(await canConnect('RENEW-1', ended)).toBe(false);
	expect(await canConnect('RENEW-1', fourth.key)).toBe(true);
	const stored = await db.pool.query(
		`select row_to_json(d)::text as row, (select string_agg(a::text, '') from audit_entry a) as audit
		from device d where device_id = 'RENEW-1'`,
	);
	for (const { key } of [second, third, fourth]) {
		expect(JSON.stringify(stored.rows)).not.toContain(key);
		expect(portal.logged()).not.toContain(key);
	}
});

test('the grace time is the setting of the organization', async () => {
	await add('GRACE-1');
	const usual = { keyGraceHours: 24, telematicsIdFormat: null };
	const settings = { keyGraceHours: 0, telematicsIdFormat: null };
	const change = (before: object, after: object) =>
		send('/device-settings', { method: 'PUT', body: { before, after, confirm: 'Confirm' } });
	expect((await change(usual, settings)).status).toBe(200);
	expect(await change(usual, { ...usual, keyGraceHours: 12 })).toMatchObject({
		status: 409,
		body: { code: 'changed_meanwhile', detail: expect.stringContaining('Grace time is now 0 h') },
	});
	expect((await send('/device-settings')).body).toEqual(settings);
	const { oldKeyValidUntilMs } = await ask(renewDeviceKey.reply, '/devices/GRACE-1/key', {
		body: { confirm: 'Confirm' },
	});
	expect(oldKeyValidUntilMs).toBeNull();
	expect(await change(settings, { ...usual, telematicsIdFormat: '(' })).toMatchObject({
		status: 400,
		body: { fields: [{ path: 'body.after.telematicsIdFormat' }] },
	});
	await change(settings, { ...usual, telematicsIdFormat: '' });
	expect((await send('/device-settings')).body).toEqual({
		keyGraceHours: 24,
		telematicsIdFormat: null,
	});
});

test('a retired device is let in nowhere and listed only among the retired, until it is brought back', async () => {
	const { key } = await add('RETIRE-1');
	const { deviceNo } = await ask(registeredDeviceSchema, '/devices/RETIRE-1');
	const body = { confirm: 'Confirm' };
	const retired = await ask(registeredDeviceSchema, '/devices/RETIRE-1/retire', { body });
	expect(retired.retiredAtMs).not.toBeNull();
	expect(disconnected).toContain(deviceNo);
	expect(announced.filter((each) => each === deviceNo)).toHaveLength(2);
	expect(await canConnect('RETIRE-1', key)).toBe(false);
	expect(await list('q=RETIRE-1')).toEqual([]);
	expect(await list('q=RETIRE-1&state=retired')).toEqual(['RETIRE-1']);
	for (const action of ['retire', 'key'])
		expect(await send(`/devices/RETIRE-1/${action}`, { body })).toMatchObject({
			status: 409,
			body: { code: 'device_retired' },
		});
	await ask(registeredDeviceSchema, '/devices/RETIRE-1/bring-back', { body });
	expect(await canConnect('RETIRE-1', key)).toBe(true);
	expect(await list('q=RETIRE-1')).toEqual(['RETIRE-1']);
	expect(await send('/devices/RETIRE-1/bring-back', { body })).toMatchObject({
		status: 409,
		body: { code: 'device_not_retired' },
	});
});

test('a device that comes back leaves its vehicle to the device that has it by now', async () => {
	const [old] = await register('BACK-1', {
		customerNo,
		vehicle: {
			vin: 'BACKVIN1',
			registrationNo: null,
			model: null,
			motorId: null,
			bmsId: null,
			batteryModel: null,
			productStatus: 'sold',
		},
	});
	const body = { confirm: 'Confirm' };
	await send('/devices/BACK-1/retire', { body });
	const [next] = await register('BACK-2');
	await db.pool.query(
		`update device_assignment set vehicle_no = (select vehicle_no from v_device where device_no = $1)
		where device_no = $2`,
		[old?.deviceNo, next?.deviceNo],
	);
	const back = await ask(registeredDeviceSchema, '/devices/BACK-1/bring-back', { body });
	expect(back).toMatchObject({ vin: null, customerName: 'Sunrise' });
	const { assignments } = await ask(listAssignments.reply, '/devices/BACK-1/assignments');
	expect(assignments).toMatchObject([
		{ vin: null, toMs: null, customerName: 'Sunrise' },
		{ vin: 'BACKVIN1', customerName: 'Sunrise' },
	]);
	expect(assignments[1]?.toMs).toBe(assignments[0]?.fromMs);
});
