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
import { type CustomerRow, exportCustomers } from '../../contract.ts';
import { countCustomers, readCustomerPortions } from './store.ts';

/** Serves the list of customers as an Excel workbook, written while it is read. */
export function serveCustomerExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	const file = { pool, fileName: 'customers' };
	serveWorkbook(app, exportCustomers, file, async ({ query, principal }) => {
		const { scope, organization } = principal;
		return {
			sheetName: 'Customers',
			columns,
			timeZone: organization.timeZone,
			rows: await countCustomers(database, scope, query),
			read: (client) => readCustomerPortions(database, client, scope, query, rowsPerMark),
		};
	});
}

const columns: readonly WorkbookColumn<CustomerRow>[] = [
	textColumn('Customer name', 28, (row) => row.name),
	textColumn('Address', 32, (row) => row.address),
	textColumn('City', 18, (row) => row.city),
	textColumn('Pin code', 12, (row) => row.pinCode),
	textColumn('Mobile number', 18, (row) => row.mobile),
	textColumn('Email Id', 30, (row) => row.email),
	textColumn('Location', 18, (row) => row.locationCity),
	textColumn('Dealer', 24, (row) => row.dealerName),
	numberColumn('Devices', 10, (row) => row.devices),
	numberColumn('Users', 10, (row) => row.users),
	instantColumn('Created', (row) => row.createdAtMs),
];
