import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { DeviceFamily } from '#contract/family.ts';
import type { Scope } from '#contract/scope.ts';
import { rowsHeader } from '#contract/workbook.ts';
import { FleetIndex } from '#live/fleet-index.ts';
import { FleetQueries } from '#live/fleet-queries.ts';
import { createPool, type DatabasePool } from '#platform/database/connect.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { type DatabaseLine, openDatabaseLine } from '../../../../tests/harness/database-line.ts';
import { until } from '../../../../tests/harness/until.ts';
import { cellsOf, unzip } from '../../../../tests/harness/workbook.ts';
import { serveFleetExport } from './export.ts';
import { exportColumns } from './export-columns.ts';

const nowMs = Date.UTC(2026, 10, 20, 9, 30);
const devices = 30_000;
let db: TestDatabase;
let line: DatabaseLine;
let pool: DatabasePool;
let app: FastifyInstance;
let queries: FleetQueries;
let url: string;
let scope: Scope;
const opened: AbortController[] = [];

beforeAll(async () => {
	db = await createTestDatabase();
	const own = await fill('Harbour', 'EV');
	await fill('Foreign', 'XX', 3);
	// As autovacuum does before long; without it every plan is a guess.
	await db.pool.query('analyze');
	scope = { organizationNo: own, dealerNo: null, customerNos: null, deviceNos: null };
	const index = new FleetIndex();
	const placed = await db.pool.query<{
		deviceNo: number;
		organizationNo: number;
		dealerNo: number | null;
		customerNo: number | null;
		vehicleNo: number | null;
		family: DeviceFamily;
	}>(`select device_no as "deviceNo", organization_no as "organizationNo", dealer_no as "dealerNo",
		customer_no as "customerNo", vehicle_no as "vehicleNo", family from v_device order by device_no`);
	placed.rows.forEach((row, rank) => {
		index.place(row, nowMs);
		index.setNameRank(row.deviceNo, rank);
	});
	queries = new FleetQueries(index, createLog('silent'));
	app = await createHttpServer({
		log: createLog('silent'),
		publicUrl: null,
		version: '0',
		isDatabaseUp: () => true,
		requestsPerMinute: 10_000,
		identify: async () => ({
			userId: 'u',
			credential: { kind: 'session', sessionId: 's' },
			email: 'e@example.com',
			name: 'E',
			role: 'customer',
			misRole: 'user',
			scope,
			organization: { name: 'Harbour', timeZone: 'Asia/Kolkata', country: 'IN', locale: 'en-IN' },
		}),
	});
	line = await openDatabaseLine(db.url);
	pool = createPool(line.url, 'test', 10);
	serveFleetExport(app, {
		pool,
		database: db.database,
		index,
		queries,
		clock: () => nowMs,
	});
	url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
	for (const controller of opened.splice(0)) controller.abort();
	line.slowDown(0);
	await until(() => expect(pool.idleCount).toBe(pool.totalCount));
});
afterAll(async () => {
	await queries.stop();
	const closed = app.close();
	// The client opened connections in advance, which are not idle in the server's eyes.
	app.server.closeAllConnections();
	await closed;
	await pool.end();
	await line.close();
	await db.drop();
});

/** An organization with devices that were heard half an hour ago. */
async function fill(name: string, prefix: string, count = devices): Promise<number> {
	const { organization_no } = await db.database
		.insertInto('organization')
		.values({ name, time_zone: 'UTC', country: 'IN', locale: 'en-IN' })
		.returning('organization_no')
		.executeTakeFirstOrThrow();
	await sql`with made as (
		insert into device (organization_no, device_id, name, family)
		select ${organization_no}, ${prefix} || '-' || n, '=cmd|' || n, 'ev' from generate_series(1, ${count}) n
		returning device_no)
		insert into device_state (device_no, revision, last_heard_at, soc_pct, signal)
		select device_no, 1, ${new Date(nowMs - 1_800_000)}::timestamptz, 34.5, 99 from made`.execute(
		db.database,
	);
	return organization_no;
}

function ask(query = ''): Promise<Response> {
	const controller = new AbortController();
	opened.push(controller);
	return fetch(`${url}/api/fleet/export?${query}`, { signal: controller.signal });
}

async function sheetOf(answer: Response) {
	const files = unzip(Buffer.from(await answer.arrayBuffer()));
	return cellsOf(files.get('xl/worksheets/sheet1.xml') ?? '');
}

/** How many rows a workbook says it has, once it was read to its end. */
async function rowsOf(query: string): Promise<number> {
	const answer = await ask(query);
	await answer.arrayBuffer();
	return Number(answer.headers.get(rowsHeader));
}

function column(title: string): string {
	return String.fromCharCode(65 + exportColumns(0).findIndex((each) => each.title === title));
}

test('all devices in scope that match, not a page of them, in the order asked', async () => {
	const answer = await ask('sort=vin&direction=desc');
	expect(answer.headers.get(rowsHeader)).toBe(String(devices));
	expect(answer.headers.get('content-disposition')).toContain('fleet.xlsx');
	const cells = await sheetOf(answer);
	const ids = column('Device ID');
	expect(cells.get(`${ids}1`)?.value).toBe('Device ID');
	expect(cells.get(`${ids}2`)?.value).toBe(`EV-${devices}`);
	expect(cells.get(`${ids}${devices + 1}`)?.value).toBe('EV-1');
	expect(cells.has(`${ids}${devices + 2}`)).toBe(false);
});

test('a search too broad to count is written in full, a narrow one as it is', async () => {
	expect(await rowsOf('q=ev-')).toBe(devices);
	expect(await rowsOf('q=EV-29999')).toBe(1);
	expect(await rowsOf('q=XX-1')).toBe(0);
	expect(await rowsOf('family=ultra')).toBe(0);
});

test('values have their types, instants the zone of the organization, texts are no formulas', async () => {
	const cells = await sheetOf(await ask('q=EV-777&sort=vin&direction=asc'));
	expect(cells.get(`${column('Device name')}2`)).toEqual({
		attributes: 't="inlineStr" s="2"',
		value: '=cmd|777',
	});
	expect(cells.get(`${column('SoC, %')}2`)).toEqual({ attributes: '', value: '34.5' });
	expect(cells.has(`${column('Signal')}2`)).toBe(false);
	const heard = Number(cells.get(`${column('Last Heart Beat')}2`)?.value);
	// 09:00 UTC is 14:30 in India.
	expect(heard % 1).toBeCloseTo(14.5 / 24, 6);
	expect(cells.get(`${column('Connection')}2`)?.value).toBe('Not live');
});

test('who goes away gives the connection back; too many at once are refused', async () => {
	// So that none of them is done before the others have begun.
	line.slowDown(300);
	const answers = [await ask(), await ask(), await ask()];
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
	const refused = await ask();
	expect(refused.status).toBe(503);
	expect(await refused.json()).toMatchObject({ code: 'export_busy' });
	opened[0]?.abort();
	await until(async () => expect((await ask('q=EV-1')).status).toBe(200));
});
