import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { deviceFamilyLabels, transportLabels } from '#contract/family.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook } from '#platform/http/serve-workbook.ts';
import {
	instantColumn,
	numberColumn,
	textColumn,
	type WorkbookColumn,
} from '#platform/http/workbook-columns.ts';
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
	textColumn('Device ID', 20, (row) => row.deviceId),
	textColumn('Telematics ID', 18, (row) => row.telematicsId),
	textColumn('Name', 20, (row) => row.name),
	textColumn('Family', 10, (row) => deviceFamilyLabels[row.family]),
	textColumn('Communication type', 18, (row) =>
		row.transport === null ? null : transportLabels[row.transport],
	),
	textColumn('SIM number', 22, (row) => row.simNo),
	textColumn('VIN No', 22, (row) => row.vin),
	textColumn('Customer', 24, (row) => row.customerName),
	textColumn('Dealer', 22, (row) => row.dealerName),
	instantColumn('Last Heart Beat', (row) => row.lastHeardAtMs),
	textColumn('Firmware', 14, (row) => row.firmware),
	numberColumn('Reporting interval, s', 20, (row) => row.reportingIntervalSeconds),
	textColumn('OsmAnd without a key', 20, (row) => (row.osmandAllowed ? 'Allowed' : 'Not allowed')),
	textColumn('Device clock', 12, (row) => {
		if (row.lastHeardAtMs === null) return null;
		return row.clockWrong ? 'Wrong' : 'OK';
	}),
	textColumn('Device key', 16, (row) => keyStateLabels[row.keyState]),
	instantColumn('Old key valid until', (row) => row.oldKeyValidUntilMs),
	textColumn('State', 10, (row) => (row.retiredAtMs === null ? 'Active' : 'Retired')),
	instantColumn('Created', (row) => row.createdAtMs),
];
