import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { deviceFamilyLabels, transportLabels } from '#contract/family.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
import {
	exportRegisteredDevices,
	type KeyState,
	type RegisteredDeviceRow,
} from '../../contract.ts';
import { countRegistry, readRegistryPortions } from './store.ts';

/** Serves the list of all devices as an Excel workbook, written while it is read. */
export function serveRegistryExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	const file = { pool, fileName: 'devices' };
	serveWorkbook(app, exportRegisteredDevices, file, async ({ query, principal }) => {
		const { scope, organization } = principal;
		return {
			sheetName: 'Devices',
			columns: exportColumns,
			timeZone: organization.timeZone,
			rows: await countRegistry(database, scope, query),
			read: (client) => readRegistryPortions(database, client, scope, query, rowsPerMark),
		};
	});
}

type ExportColumn = WorkbookColumn<RegisteredDeviceRow>;

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
