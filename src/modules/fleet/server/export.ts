import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import type { Principal } from '#contract/principal.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { FleetQueries } from '#live/fleet-queries.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook } from '#platform/http/serve-workbook.ts';
import { exportFleet } from '../contract.ts';
import { exportColumns } from './export-columns.ts';
import { type FleetSelection, matchOf, questionOf } from './question.ts';
import { readFleetPortions } from './store.ts';

export interface FleetExportOptions {
	readonly pool: pg.Pool;
	readonly database: Database;
	readonly index: FleetIndex;
	readonly queries: FleetQueries;
	readonly clock: Clock;
}

/** Serves the fleet as an Excel workbook, written while it is read. */
export function serveFleetExport(app: FastifyInstance, options: FleetExportOptions): void {
	const { pool, database, clock } = options;
	serveWorkbook(app, exportFleet, { pool, fileName: 'fleet' }, async ({ query, principal }) => {
		const { scope, organization } = principal;
		const deviceNos = await select(options, principal, query);
		const nowMs = clock();
		return {
			sheetName: 'Fleet',
			columns: exportColumns(nowMs),
			timeZone: organization.timeZone,
			rows: deviceNos.length,
			read: (client) => readFleetPortions(database, client, scope, deviceNos, nowMs, rowsPerMark),
		};
	});
}

/** Every device that matches, in order. */
async function select(
	{ database, index, queries }: FleetExportOptions,
	{ scope }: Principal,
	selection: FleetSelection,
): Promise<Int32Array> {
	const everything = Number.MAX_SAFE_INTEGER;
	const match = await matchOf(database, index, scope, selection.q, everything);
	const page = { offset: 0, limit: everything };
	const question = await questionOf(database, index, scope, selection, match, page);
	return (await queries.ask(question)).deviceNos;
}
