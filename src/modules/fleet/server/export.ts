import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { rowsHeader, rowsPerMark, rowsPerMarkHeader } from '#contract/workbook.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { FleetQueries } from '#live/fleet-queries.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveFile } from '#platform/http/serve.ts';
import { workbookMediaType, writeWorkbook } from '#platform/spreadsheet/workbook.ts';
import { exportFleet } from '../contract.ts';
import { exportColumns } from './export-columns.ts';
import { type FleetSelection, matchOf, questionOf } from './question.ts';
import { readFleetPortions } from './store.ts';

/** Each keeps a database connection busy; the pages need the others. */
const mostAtOnce = 3;
/** A download that takes longer is given up, so that a stalled one does not keep its place. */
const longestMs = 15 * 60_000;
const retryAfterSeconds = 10;

export interface FleetExportOptions {
	readonly pool: pg.Pool;
	readonly database: Database;
	readonly index: FleetIndex;
	readonly queries: FleetQueries;
	readonly clock: Clock;
}

/** Serves the fleet as an Excel workbook, written while it is read. */
export function serveFleetExport(app: FastifyInstance, options: FleetExportOptions): void {
	let running = 0;
	const files = new Set<Readable>();
	// Otherwise a server that stops would wait for the slowest reader.
	app.addHook('preClose', async () => {
		for (const file of files) file.destroy();
	});

	serveFile(app, exportFleet, workbookMediaType, async ({ query, principal, reply }) => {
		if (running >= mostAtOnce) throw fault('export_busy', { retryAfterSeconds });
		running++;
		try {
			const deviceNos = await select(options, principal, query);
			const client = await options.pool.connect();
			reply.header('content-disposition', 'attachment; filename="fleet.xlsx"');
			reply.header(rowsHeader, deviceNos.length);
			reply.header(rowsPerMarkHeader, rowsPerMark);
			const file = Readable.from(workbook(options, client, principal, deviceNos), {
				objectMode: false,
				signal: AbortSignal.timeout(longestMs),
			});
			files.add(file);
			file.once('close', () => {
				running--;
				files.delete(file);
				client.release(file.errored ?? false);
			});
			return file;
		} catch (error) {
			running--;
			throw error;
		}
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

function workbook(
	{ database, clock }: FleetExportOptions,
	client: pg.ClientBase,
	{ scope, organization }: Principal,
	deviceNos: Int32Array,
): AsyncGenerator<Buffer> {
	const nowMs = clock();
	async function* portions() {
		for await (const rows of readFleetPortions(
			database,
			client,
			scope,
			deviceNos,
			nowMs,
			rowsPerMark,
		))
			yield rows.map((row) => exportColumns.map((column) => column.value(row, nowMs)));
	}
	return writeWorkbook({
		sheetName: 'Fleet',
		columns: exportColumns,
		timeZone: organization.timeZone,
		portions: portions(),
	});
}
