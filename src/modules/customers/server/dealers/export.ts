import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook } from '#platform/http/serve-workbook.ts';
import {
	instantColumn,
	numberColumn,
	textColumn,
	type WorkbookColumn,
} from '#platform/http/workbook-columns.ts';
import { type DealerRow, exportDealers } from '../../contract.ts';
import { countDealers, readDealerPortions } from './store.ts';

/** Serves the list of dealers as an Excel workbook, written while it is read. */
export function serveDealerExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	const file = { pool, fileName: 'dealers' };
	serveWorkbook(app, exportDealers, file, async ({ query, principal }) => {
		const { scope, organization } = principal;
		return {
			sheetName: 'Dealers',
			columns,
			timeZone: organization.timeZone,
			rows: await countDealers(database, scope, query),
			read: (client) => readDealerPortions(database, client, scope, query, rowsPerMark),
		};
	});
}

const columns: readonly WorkbookColumn<DealerRow>[] = [
	textColumn('Dealer name', 28, (row) => row.name),
	textColumn('City', 18, (row) => row.city),
	textColumn('Contact name', 24, (row) => row.contactName),
	textColumn('Mobile number', 18, (row) => row.mobile),
	textColumn('Email Id', 30, (row) => row.email),
	textColumn('Address', 32, (row) => row.address),
	numberColumn('Devices', 10, (row) => row.devices),
	numberColumn('Customers', 10, (row) => row.customers),
	numberColumn('Users', 10, (row) => row.users),
	instantColumn('Created', (row) => row.createdAtMs),
];
