import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { countryName } from '#contract/country.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
import { exportLocations, type LocationRow } from '../contract.ts';
import type { CountDevices } from './routes.ts';
import { countLocations, readLocationPortions } from './store.ts';

export interface LocationExportOptions {
	readonly pool: pg.Pool;
	readonly database: Database;
	readonly countDevices: CountDevices;
}

/** Serves the list of locations as an Excel workbook, written while it is read. */
export function serveLocationExport(
	app: FastifyInstance,
	{ pool, database, countDevices }: LocationExportOptions,
): void {
	const file = { pool, fileName: 'locations' };
	serveWorkbook(app, exportLocations, file, async ({ query, principal }) => {
		const { scope, organization } = principal;
		const devices = await countDevices(scope);
		return {
			sheetName: 'Locations',
			columns,
			timeZone: organization.timeZone,
			rows: await countLocations(database, scope, query),
			async *read(client) {
				for await (const rows of readLocationPortions(database, client, scope, query, rowsPerMark))
					yield rows.map((row) => ({ ...row, devices: devices.get(row.locationNo) ?? 0 }));
			},
		};
	});
}

const columns: readonly WorkbookColumn<LocationRow>[] = [
	{ title: 'City', width: 24, kind: 'text', value: (row) => row.city },
	{ title: 'District', width: 24, kind: 'text', value: (row) => row.district },
	{ title: 'State', width: 24, kind: 'text', value: (row) => row.state },
	{ title: 'Country', width: 20, kind: 'text', value: (row) => countryName(row.country) },
	{ title: 'Zone', width: 14, kind: 'text', value: (row) => row.zone },
	{ title: 'Latitude, °', width: 14, kind: 'number', value: (row) => row.lat },
	{ title: 'Longitude, °', width: 14, kind: 'number', value: (row) => row.lon },
	{ title: 'Customers', width: 12, kind: 'number', value: (row) => row.customers },
	{ title: 'Devices', width: 12, kind: 'number', value: (row) => row.devices },
];
