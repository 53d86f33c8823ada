import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fault } from '#contract/faults.ts';
import { line } from '#contract/line.ts';
import { DeviceDirectory } from '#ingest/edge/device-directory.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../../tests/harness/portal.ts';
import { until } from '../../../../../tests/harness/until.ts';
import {
	deviceImportSchema,
	importColumns,
	importMaxBytes,
	namedImportRows,
	showDeviceImport,
} from '../../contract.ts';
import { registerDevices, serveDeviceRegistry } from '../index.ts';
import { templateFile } from './files.ts';
import { type ImportRow, readImportFile } from './read-file.ts';

const password = 'a sentence works well';

let db: TestDatabase;
let portal: TestPortal;
let organizationNo: number;
let cookie: string;
const announced: number[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	portal = await startPortal(db, {
		add: async ({ app, log }) =>
			serveDeviceRegistry(app, {
				pool: db.pool,
				database: db.database,
				log,
				announce: (deviceNos) => void announced.push(...deviceNos),
				disconnect: () => {},
			}),
	});
	organizationNo = await newOrganization('Harbour');
	await createMember(db.database, {
		organizationNo,
		name: 'Admin',
		email: 'admin@example.org',
		password,
		role: 'admin',
		dealerNo: null,
		customerNos: null,
	});
	cookie = await portal.signIn('admin@example.org', password);
});
afterAll(async () => {
	await portal.close();
	await db.drop();
});

function newOrganization(name: string, hosts: readonly string[] = []): Promise<number> {
	return createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts,
	});
}

function register(deviceId: string, telematicsId: string | null, organization = organizationNo) {
	return registerDevices(db.database, organization, [
		{
			deviceId,
			telematicsId,
			name: null,
			simNo: '1',
			family: 'ev',
			transport: 'gsm',
			vehicle: null,
			customerNo: null,
			dealerNo: null,
		},
	]);
}

/** Sends a file as a program does. */
async function upload(file: string | Uint8Array<ArrayBuffer>, type = 'text/csv') {
	const answer = await fetch(`${portal.url}/api/admin/device-imports?fileName=list.csv`, {
		method: 'POST',
		headers: { cookie, 'content-type': type },
		body: file,
	});
	const body: unknown = await answer.json();
	return { status: answer.status, body };
}

async function uploaded(lines: readonly string[]) {
	const { status, body } = await upload(`${importColumns.join(',')}\n${lines.join('\n')}\n`);
	expect(status, JSON.stringify(body)).toBe(200);
	return deviceImportSchema.parse(body);
}

async function show(importNo: number) {
	const answer = await portal.send(`/api/admin/device-imports/${importNo}`, { cookie });
	return showDeviceImport.reply.parse(await answer.json());
}

function send(importNo: number, what: 'apply' | 'keys', confirm = 'Confirm') {
	return portal.send(`/api/admin/device-imports/${importNo}/${what}`, {
		cookie,
		body: { confirm },
	});
}

async function applied(importNo: number) {
	const answer = await send(importNo, 'apply');
	expect(answer.status, await answer.clone().text()).toBe(200);
	return until(async () => {
		const one = await show(importNo);
		expect(one.state).toBe('applied');
		return one;
	}, 60_000);
}

async function countDevices(pattern: string): Promise<number> {
	const { rows } = await db.pool.query(
		'select count(*)::integer as count from device where device_id like $1',
		[pattern],
	);
	return rows[0].count;
}

test('a file is looked at, its devices added, and their keys handed out once', async () => {
	await register('OLD-1', 'OT-1');
	const file = await uploaded([
		'NEW-1,NT-1,"Pump, ""north""",8991,ev,gsm,60',
		'OLD-1,,,,EV,,',
		'NEW-2,,,,X Pro,,',
	]);
	expect(file).toMatchObject({
		state: 'ready',
		fileName: 'list.csv',
		uploadedBy: 'Admin',
		rowsNew: 2,
		rowsUnchanged: 1,
		rowsWrong: 0,
	});
	expect(await countDevices('NEW-%')).toBe(0);
	expect((await send(file.importNo, 'keys')).status).toBe(409);
	expect((await send(file.importNo, 'apply', 'no')).status).toBe(400);

	expect(await applied(file.importNo)).toMatchObject({ rowsDone: 2, failure: null });
	const { rows } = await db.pool.query(
		`select device_no, device_id, name, family, transport, reporting_interval_s, key_state
		from v_registered_device where device_id like 'NEW-%' order by device_id`,
	);
	expect(rows).toMatchObject([
		{ name: 'Pump, "north"', family: 'ev', transport: 'gsm', reporting_interval_s: 60 },
		{ name: null, family: 'x_pro', transport: null, reporting_interval_s: 300, key_state: 'none' },
	]);
	expect(announced).toEqual(expect.arrayContaining(rows.map((row) => row.device_no)));
	expect((await send(file.importNo, 'apply')).status).toBe(409);

	const keys = await send(file.importNo, 'keys');
	expect(keys.headers.get('content-type')).toContain('text/csv');
	const [titles, ...lines] = (await keys.text()).replace('\uFEFF', '').trim().split('\r\n');
	expect(titles).toBe('Device ID,Device key');
	const directory = new DeviceDirectory(db.pool);
	expect(lines).toHaveLength(2);
	for (const line of lines) {
		const [deviceId = '', key = ''] = line.split(',');
		expect(await directory.authenticate(deviceId, Buffer.from(key))).toMatchObject({
			device: { deviceId },
		});
		expect(portal.logged()).not.toContain(key);
	}
	expect((await send(file.importNo, 'keys')).status).toBe(409);
	expect(await show(file.importNo)).toMatchObject({ keysIssued: true });
	const audit = await db.pool.query(
		`select action, after from audit_entry where subject_kind = 'device_import' and subject_id = $1
		order by audit_no`,
		[String(file.importNo)],
	);
	expect(audit.rows).toEqual([
		{ action: 'device_import.apply', after: { fileName: 'list.csv', added: 2, unchanged: 1 } },
		{ action: 'device_import.issue_keys', after: { devices: 2 } },
	]);
});

test('each row that cannot be added says why, and then nothing is added', async () => {
	const other = await newOrganization('Other', ['other.example.org']);
	await register('FOREIGN-1', 'FT-1', other);
	await register('MINE-1', 'MT-1');
	const [gone] = await register('GONE-1', null);
	await db.pool.query('update device set retired_at = now() where device_no = $1', [
		gone?.deviceNo,
	]);
	const file = await uploaded([
		'GOOD-1,GT-1,,,ev,gsm,60',
		'+1,,,,ev,,',
		'BAD-1,,,,lorry,,',
		'BAD-2,,,,ev,pigeon,',
		'BAD-3,,,,ev,,often',
		'BAD-4,,,,ev',
		'GOOD-1,,,,ev,,',
		'BAD-5,GT-1,,,ev,,',
		'FOREIGN-1,,,,ev,,',
		'BAD-6,FT-1,,,ev,,',
		'BAD-7,MT-1,,,ev,,',
		'MINE-1,,,2,ev,,',
		'GONE-1,,,,ev,,',
	]);
	expect(file).toMatchObject({ rowsNew: 1, rowsUnchanged: 0, rowsWrong: 12 });
	const { problems } = await show(file.importNo);
	expect(problems.map(({ line, sentence }) => `${line} ${sentence}`)).toEqual([
		expect.stringMatching(/^3 The Device ID is not valid/),
		'4 Enter a family: EV, X Pro, Unified, Ultra.',
		expect.stringMatching(/^5 The communication type is not known/),
		expect.stringMatching(/^6 .*interval/i),
		expect.stringMatching(/^7 The row has 5 fields, the titles are 7/),
		'8 The Device ID is in line 2 already.',
		'9 The Telematics ID GT-1 is in line 2 already.',
		'10 The Device ID is already in use. Ask your administrator.',
		'11 The Telematics ID FT-1 is already in use. Ask your administrator.',
		'12 The Telematics ID MT-1 is already in use by the device MINE-1.',
		'13 The device is registered with other values. Change it on the page Devices instead.',
		'14 The device is retired. Bring it back instead.',
	]);
	expect((await send(file.importNo, 'apply')).status).toBe(409);
	expect(await countDevices('GOOD-%')).toBe(0);
});

test('what was registered since the file was looked at stops the whole import', async () => {
	const file = await uploaded(['RACE-1,RT-1,,,ev,,', 'RACE-2,RT-2,,,ev,,']);
	await register('ELSE-1', 'RT-2');
	await send(file.importNo, 'apply');
	const after = await until(async () => {
		const one = await show(file.importNo);
		expect(one.failure).toContain('1 rows cannot be added, so nothing was.');
		return one;
	});
	expect(after).toMatchObject({ state: 'ready', rowsNew: 1, rowsWrong: 1 });
	expect(after.problems).toMatchObject([{ line: 3, deviceId: 'RACE-2' }]);
	expect(await countDevices('RACE-%')).toBe(0);
});

test('the same import asked for several times at once is done once', async () => {
	const file = await uploaded(
		Array.from({ length: 500 }, (_, index) => `TWICE-${index},,,,ev,gsm,60`),
	);
	const answers = await Promise.all([1, 2, 3].map(() => send(file.importNo, 'apply')));
	expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
	await until(async () => expect((await show(file.importNo)).state).toBe('applied'));
	expect(await countDevices('TWICE-%')).toBe(500);
});

test('Telematics IDs that do not have the usual format are warned of and added', async () => {
	await db.pool.query(
		`insert into device_setting (organization_no, telematics_id_format) values ($1, '^VCU[0-9]+$')`,
		[organizationNo],
	);
	const file = await uploaded(['WARN-1,VCU1,,,ev,,', 'WARN-2,XCU1,,,ev,,', 'WARN-3,,,,ev,,']);
	expect(file).toMatchObject({ rowsNew: 3, rowsWarned: 1 });
	const { warnings } = await applied(file.importNo);
	expect(warnings).toEqual([
		{
			line: 3,
			deviceId: 'WARN-2',
			sentence: 'The Telematics ID XCU1 does not have the usual format.',
		},
	]);
	await db.pool.query('delete from device_setting');
});

test('files that are no list of devices are refused with what to do', async () => {
	for (const [file, detail] of [
		['', 'The file is empty. Begin with the template.'],
		['Device ID,Family\n', 'The file has titles and no rows.'],
		['Device ID\nA-1\n', 'The file lacks the column Family.'],
		[
			'Device ID,Family,Colour\nA-1,ev,red\n',
			'columns that the template has not, or twice: “Colour”',
		],
		[
			'Device ID,Family,Family\nA-1,ev,ev\n',
			'columns that the template has not, or twice: “Family”',
		],
		['Device ID,Family\n"A-1,ev\n', 'The file is not a valid CSV file'],
		['Device ID,Family\nA"1,ev\n', 'The file is not a valid CSV file'],
	] as const)
		expect(await upload(file), file).toMatchObject({
			status: 400,
			body: { detail: expect.stringContaining(detail) },
		});
	expect((await upload('{}', 'application/json')).status).toBe(415);
	expect(await upload(new Uint8Array(importMaxBytes + 1).fill(65))).toMatchObject({
		body: { code: expect.stringMatching(/too_large|invalid_input/) },
	});
	const large = `Device ID,Family\n${'A-1,ev\n'.repeat(30)}`.padEnd(importMaxBytes + 1, '\n');
	expect(await upload(large)).toMatchObject({ status: 413, body: { code: 'too_large' } });
	await until(async () => {
		const { rows } = await db.pool.query(
			`select state from pg_stat_activity
			where datname = current_database() and state like 'idle in transaction%'`,
		);
		expect(rows).toEqual([]);
	});
});

test('another organization’s import is not there', async () => {
	const other = await newOrganization('Third', ['third.example.org']);
	const { rows } = await db.pool.query(
		`insert into device_import (organization_no, file_name, uploaded_by) values ($1, 'a', 'b')
		returning import_no`,
		[other],
	);
	for (const path of ['', '/apply', '/keys'])
		expect(
			(
				await portal.send(`/api/admin/device-imports/${rows[0].import_no}${path}`, {
					cookie,
					...(path !== '' && { body: { confirm: 'Confirm' } }),
				})
			).status,
		).toBe(404);
});

test('a hundred thousand devices are added, seen on the way', async () => {
	const file = await uploaded(
		Array.from(
			{ length: 100_000 },
			(_, index) => `BULK-${index},BT-${index},Name ${index},,ev,gsm,60`,
		),
	);
	expect(file).toMatchObject({ rowsNew: 100_000, rowsWrong: 0 });
	await send(file.importNo, 'apply');
	const seen = new Set<number>();
	await until(async () => {
		const { state, rowsDone } = await show(file.importNo);
		seen.add(rowsDone);
		expect(state).toBe('applied');
	}, 200_000);
	expect(seen.size).toBeGreaterThan(2);
	expect(await countDevices('BULK-%')).toBe(100_000);
	const keys = await (await send(file.importNo, 'keys')).text();
	expect(keys.trim().split('\r\n')).toHaveLength(100_001);
	const { rows } = await db.pool.query(
		'select count(*)::integer as count from device_import_row where import_no = $1',
		[file.importNo],
	);
	expect(rows).toEqual([{ count: 0 }]);
}, 240_000);

async function read(file: string | Buffer, chunkBytes = 7): Promise<ImportRow[]> {
	const bytes = Buffer.from(file);
	async function* chunks() {
		for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
	}
	const rows: ImportRow[] = [];
	for await (const row of readImportFile(chunks())) rows.push(row);
	return rows;
}

test('the template is a file that can be imported', async () => {
	expect(await read(templateFile())).toMatchObject([
		{ line: 2, deviceId: 'VCU-0001', family: 'ev', transport: 'gsm', problem: null },
	]);
});

test.each([',', ';', '\t'])(
	'a file separated by %j reads back whatever its texts hold',
	async (separator) => {
		const name = fc
			.string({ unit: 'grapheme', maxLength: 20 })
			.map((text) => text.trim())
			.filter((text) => line('name', 100).safeParse(text).success);
		await fc.assert(
			fc.asyncProperty(
				fc.array(name, { minLength: 1, maxLength: 5 }),
				fc.constantFrom('\n', '\r\n'),
				fc.integer({ min: 1, max: 50 }),
				async (names, lineEnd, chunkBytes) => {
					const lines = names.map((text, index) =>
						[`D-${index}`, 'Ultra', `"${text.replaceAll('"', '""')}"`].join(separator),
					);
					const titles = ['device id', 'FAMILY', 'Name'].join(separator);
					const rows = await read([titles, ...lines].join(lineEnd), chunkBytes);
					expect(rows).toMatchObject(
						names.map((text, index) => ({
							line: index + 2,
							deviceId: `D-${index}`,
							family: 'ultra',
							name: text === '' ? null : text,
							problem: null,
						})),
					);
				},
			),
			{ numRuns: 40 },
		);
	},
);

test('whatever bytes a file holds, it is read or refused', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, isTitled) => {
			const titles = Buffer.from(isTitled ? 'Device ID,Family,Name\n' : '');
			try {
				for (const row of await read(Buffer.concat([titles, bytes]), 16))
					expect(row.problem === null || row.problem.length > 10).toBe(true);
			} catch (error) {
				expect(error).toBeInstanceOf(Fault);
			}
		}),
		{ numRuns: 200 },
	);
});

test('problems that are named are bounded', async () => {
	const file = await uploaded(Array.from({ length: 1_000 }, () => '+,,,,ev,,'));
	expect(file.rowsWrong).toBe(1_000);
	expect((await show(file.importNo)).problems).toHaveLength(namedImportRows);
});
