import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Role } from '#contract/roles.ts';
import { telemetry } from '#ingest/message.ts';
import { Road } from '#ingest/road.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { registerDevices } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { discardParked, listParked, replayParked, showParked, showReplay } from '../contract.ts';
import { createParked, type ParkedMessages } from './index.ts';

const password = 'a sentence works well';
const startMs = Date.now() - 3_600_000;

let db: TestDatabase;
let road: Road;
let parked: ParkedMessages;
let portal: TestPortal;
const deviceNos = new Map<string, number>();
const cookies = new Map<string, string>();

beforeAll(async () => {
	db = await createTestDatabase();
	const log = createLog('silent');
	road = new Road({
		databaseUrl: db.url,
		pool: db.pool,
		retentionDays: 400,
		packAfterDays: 8,
		reactions: [],
		resultReactions: [],
		clock: Date.now,
		log,
		counters: { dropped: () => {}, impossibleValue: () => {}, parked: () => {}, late: () => {} },
		onCommitted: () => {},
		onChanged: () => {},
		onDatabase: () => {},
	});
	await road.start();
	parked = createParked({ database: db.database, bus: road.bus, clock: Date.now, log });
	portal = await startPortal(db, { add: async ({ app }) => parked.serve(app) });
	const host = new URL(portal.url).hostname;
	await organize(
		'Harbour',
		[host],
		['EV-1', 'EV-2', 'EV-3'],
		[
			['admin@harbour.example', 'admin'],
			['operation@harbour.example', 'operation'],
		],
	);
	await createMember(db.database, {
		organizationNo: await organizationNoOf('Harbour'),
		name: 'narrow',
		email: 'narrow@harbour.example',
		password,
		role: 'operation',
		dealerNo: null,
		customerNos: [],
	});
	cookies.set('narrow', await portal.signIn('narrow@harbour.example', password));
	await organize('Inland', ['inland.example'], ['IN-1'], []);
});
afterAll(async () => {
	parked.stop();
	await portal.close();
	await road.stop();
	await db.drop();
});

async function organize(
	name: string,
	hosts: readonly string[],
	deviceIds: readonly string[],
	members: readonly (readonly [email: string, role: Role])[],
): Promise<void> {
	const organizationNo = await createOrganization(db.database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts,
	});
	const devices = await registerDevices(
		db.database,
		organizationNo,
		deviceIds.map((deviceId) => ({
			deviceId,
			telematicsId: null,
			name: null,
			simNo: null,
			family: 'ev' as const,
			transport: null,
			vehicle: null,
			customerNo: null,
			dealerNo: null,
		})),
	);
	for (const { deviceId, deviceNo } of devices) deviceNos.set(deviceId, deviceNo);
	for (const [email, role] of members) {
		await createMember(db.database, {
			organizationNo,
			name: role,
			email,
			password,
			role,
			dealerNo: null,
			customerNos: null,
		});
		cookies.set(role, await portal.signIn(email, password));
	}
}

async function organizationNoOf(name: string): Promise<number> {
	const { organization_no } = await db.database
		.selectFrom('organization')
		.where('name', '=', name)
		.select('organization_no')
		.executeTakeFirstOrThrow();
	return organization_no;
}

/** A device says something; resolves when it is settled. */
async function say(deviceId: string, body: string): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	road.bus.offer({
		deviceNo: deviceNos.get(deviceId) ?? 0,
		content: telemetry,
		topic: `qd/v1/${deviceId}/telemetry`,
		body: Buffer.from(body),
		receivedAtMs: startMs,
		isAbandoned: () => false,
		acknowledge: resolve,
	});
	await promise;
}

async function ask<Reply extends z.ZodType>(
	endpoint: { readonly path: string; readonly reply: Reply },
	search = '',
	body?: unknown,
	member = 'admin',
): Promise<z.output<Reply>> {
	const answer = await portal.send(endpoint.path + search, {
		cookie: cookies.get(member) ?? '',
		...(body !== undefined && { body }),
	});
	expect(answer.status).toBe(200);
	return endpoint.reply.parse(await answer.json());
}

const list = (search = '') => ask(listParked, search);

test('messages are listed, filtered and shown within the organization only', async () => {
	await say('EV-1', '{"broken":');
	await say('EV-1', '[1]');
	await say('EV-2', '{"broken":');
	await say('IN-1', '{"broken":');
	const { rows, total } = await list('?sort=device&direction=asc');
	expect(total).toBe(3);
	expect(rows.map(({ deviceId, reason }) => [deviceId, reason])).toEqual([
		['EV-1', 'not_json'],
		['EV-1', 'not_a_reading'],
		['EV-2', 'not_json'],
	]);
	expect((await list('?reason=not_json&deviceId=EV-1')).rows).toMatchObject([
		{ topic: 'qd/v1/EV-1/telemetry', sizeBytes: 10, receivedAtMs: startMs, replays: 0 },
	]);
	expect((await list('?q=ev-2')).total).toBe(1);
	expect((await list('?deviceId=IN-1')).total).toBe(0);

	const [first] = rows;
	const shown = await ask({
		...showParked,
		path: showParked.path.replace(':parkedNo', String(first?.parkedNo)),
	});
	expect(Buffer.from(shown.body, 'base64').toString()).toBe('{"broken":');
	const { rows: foreign } = await db.pool.query(
		'select parked_no from parked_message where device_no = $1',
		[deviceNos.get('IN-1')],
	);
	for (const path of ['', '/body']) {
		const answer = await portal.send(`/api/parked/${foreign[0].parked_no}${path}`, {
			cookie: cookies.get('admin') ?? '',
		});
		expect(answer.status).toBe(404);
	}
});

test('what is foreign cannot be chosen, and without the typed word nothing is done', async () => {
	const { rows: all } = await db.pool.query<{ parked_no: number }>(
		'select parked_no from parked_message where device_no = $1',
		[deviceNos.get('IN-1')],
	);
	const selection = { parkedNos: all.map((row) => row.parked_no) };
	for (const { path } of [replayParked, discardParked]) {
		const send = (role: string, confirm: string) =>
			portal.send(path, { cookie: cookies.get(role) ?? '', body: { selection, confirm } });
		expect((await send('admin', 'Confirm')).status).toBe(404);
		expect((await send('admin', 'yes')).status).toBe(400);
		expect((await send('operation', 'Confirm')).status).toBe(403);
	}
	const left = await db.pool.query('select parked_no from parked_message where device_no = $1', [
		deviceNos.get('IN-1'),
	]);
	expect(left.rows).toEqual(all);
});

test('all that match are replayed in their order, and what came later is not meant', async () => {
	for (let seq = 0; seq < 60; seq++) await say('EV-3', `{"seq":${seq},`);
	const { total, newestNo } = await list('?deviceId=EV-3');
	expect(total).toBe(60);
	await say('EV-3', '{"later":');
	// Most of it can be read by now; the first cannot.
	await db.pool.query(
		`update parked_message set body = convert_to('{"boot":"a","seq":' || parked_no || ',"speed_kmh":7}', 'UTF8')
		where device_no = $1 and parked_no <= $2 and parked_no > (
			select min(parked_no) from parked_message where device_no = $1)`,
		[deviceNos.get('EV-3'), newestNo],
	);
	const selection = { deviceId: 'EV-3', newestNo };
	const body = { selection, confirm: 'Confirm' };
	const begun = await ask(replayParked, '', body);
	expect(begun).toMatchObject({ total: 60, startedBy: 'admin' });
	await expect
		.poll(async () => (await ask(showReplay)).replay)
		.toMatchObject({ state: 'done', stored: 59, failed: 1, skipped: 0 });
	const { rows } = await db.pool.query(
		'select count(*) as count, min(received_at) as received_at from readings where device_no = $1',
		[deviceNos.get('EV-3')],
	);
	expect(rows).toEqual([{ count: 59, received_at: new Date(startMs) }]);
	expect((await list('?deviceId=EV-3&direction=asc')).rows).toMatchObject([
		{ replays: 1, reason: 'not_json' },
		{ replays: 0 },
	]);
	// Who sees a part of the organization only is told nothing of a run over all of it.
	expect((await ask(showReplay, '', undefined, 'narrow')).replay).toBeNull();
	expect((await ask(showReplay, '', undefined, 'operation')).replay?.startedBy).toBe('admin');
});

test('what is discarded is gone, and the audit log knows who did it', async () => {
	const before = await list('?deviceId=EV-1');
	const parkedNos = before.rows.map(({ parkedNo }) => parkedNo);
	const body = { selection: { parkedNos }, confirm: 'Confirm' };
	expect(await ask(discardParked, '', body)).toEqual({ discarded: 2 });
	expect((await list('?deviceId=EV-1')).total).toBe(0);
	const { rows } = await db.pool.query(
		`select user_email, subject_kind, before from audit_entry where action = 'parked.discard'`,
	);
	expect(rows).toEqual([
		{
			user_email: 'admin@harbour.example',
			subject_kind: 'parked_message',
			before: { messages: 2, selection: { parkedNos } },
		},
	]);
});
