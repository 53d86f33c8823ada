import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { deviceFamilyLabels, transportLabels } from '#contract/family.ts';
import { fault } from '#contract/faults.ts';
import { rowsHeader, rowsPerMark, rowsPerMarkHeader } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveFile } from '#platform/http/serve.ts';
import type { SheetCell, SheetColumn } from '#platform/spreadsheet/cells.ts';
import { workbookMediaType, writeWorkbook } from '#platform/spreadsheet/workbook.ts';
import {
	exportRegisteredDevices,
	type KeyState,
	type RegisteredDeviceRow,
} from '../../contract.ts';
import { countRegistry, readRegistryPortions } from './store.ts';

/** Each keeps a database connection busy; the pages need the others. */
const mostAtOnce = 2;
/** A download that takes longer is given up, so that a stalled one does not keep its place. */
const longestMs = 15 * 60_000;
const retryAfterSeconds = 10;

/** Serves the list of all devices as an Excel workbook, written while it is read. */
export function serveRegistryExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	let running = 0;
	const files = new Set<Readable>();
	// Otherwise a server that stops would wait for the slowest reader.
	app.addHook('preClose', async () => {
		for (const file of files) file.destroy();
	});

	serveFile(
		app,
		exportRegisteredDevices,
		workbookMediaType,
		async ({ query, principal: { scope, organization }, reply }) => {
			if (running >= mostAtOnce) throw fault('export_busy', { retryAfterSeconds });
			running++;
			try {
				const rows = await countRegistry(database, scope, query);
				const client = await pool.connect();
				const portions = await readRegistryPortions(database, client, scope, query, rowsPerMark);
				reply.header('content-disposition', 'attachment; filename="devices.xlsx"');
				reply.header(rowsHeader, rows);
				reply.header(rowsPerMarkHeader, rowsPerMark);
				const workbook = writeWorkbook({
					sheetName: 'Devices',
					columns: exportColumns,
					timeZone: organization.timeZone,
					portions: cellsOf(portions),
				});
				const file = Readable.from(workbook, {
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
		},
	);
}

async function* cellsOf(portions: AsyncIterable<RegisteredDeviceRow[]>) {
	for await (const rows of portions)
		yield rows.map((row) => exportColumns.map((column) => column.value(row)));
}

interface ExportColumn extends SheetColumn {
	value(row: RegisteredDeviceRow): SheetCell;
}

const keyStateLabels: Record<KeyState, string> = {
	none: 'Not handed out',
	set: 'Set',
	renewed: 'Renewed',
};

const exportColumns: readonly ExportColumn[] = [
	text('Device ID', 20, (row) => row.deviceId),
	text('Telematics ID', 18, (row) => row.telematicsId),
	text('Name', 20, (row) => row.name),
	text('Family', 10, (row) => deviceFamilyLabels[row.family]),
	text('Communication type', 18, (row) =>
		row.transport === null ? null : transportLabels[row.transport],
	),
	text('SIM number', 22, (row) => row.simNo),
	text('VIN No', 22, (row) => row.vin),
	text('Customer', 24, (row) => row.customerName),
	text('Dealer', 22, (row) => row.dealerName),
	instant('Last Heart Beat', (row) => row.lastHeardAtMs),
	text('Firmware', 14, (row) => row.firmware),
	{
		title: 'Reporting interval, s',
		width: 20,
		kind: 'number',
		value: (row) => row.reportingIntervalSeconds,
	},
	text('OsmAnd without a key', 20, (row) => (row.osmandAllowed ? 'Allowed' : 'Not allowed')),
	text('Device clock', 12, (row) => {
		if (row.lastHeardAtMs === null) return null;
		return row.clockWrong ? 'Wrong' : 'OK';
	}),
	text('Device key', 16, (row) => keyStateLabels[row.keyState]),
	instant('Old key valid until', (row) => row.oldKeyValidUntilMs),
	text('State', 10, (row) => (row.retiredAtMs === null ? 'Active' : 'Retired')),
	instant('Created', (row) => row.createdAtMs),
];

function text(title: string, width: number, value: ExportColumn['value']): ExportColumn {
	return { title, width, kind: 'text', value };
}

function instant(title: string, value: ExportColumn['value']): ExportColumn {
	return { title, width: 22, kind: 'instant', value };
}
