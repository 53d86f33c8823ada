import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { countryName } from '#contract/country.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook } from '#platform/http/serve-workbook.ts';
import { numberColumn, textColumn, type WorkbookColumn } from '#platform/http/workbook-columns.ts';
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
	textColumn('City', 24, (row) => row.city),
	textColumn('District', 24, (row) => row.district),
	textColumn('State', 24, (row) => row.state),
	textColumn('Country', 20, (row) => countryName(row.country)),
	textColumn('Zone', 14, (row) => row.zone),
	numberColumn('Latitude, °', 14, (row) => row.lat),
	numberColumn('Longitude, °', 14, (row) => row.lon),
	numberColumn('Customers', 12, (row) => row.customers),
	numberColumn('Devices', 12, (row) => row.devices),
];
