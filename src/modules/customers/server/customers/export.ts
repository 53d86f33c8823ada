import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
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
	text('Customer name', 28, (row) => row.name),
	text('Address', 32, (row) => row.address),
	text('City', 18, (row) => row.city),
	text('Pin code', 12, (row) => row.pinCode),
	text('Mobile number', 18, (row) => row.mobile),
	text('Email Id', 30, (row) => row.email),
	text('Location', 18, (row) => row.locationCity),
	text('Dealer', 24, (row) => row.dealerName),
	{ title: 'Devices', width: 10, kind: 'number', value: (row) => row.devices },
	{ title: 'Users', width: 10, kind: 'number', value: (row) => row.users },
	{ title: 'Created', width: 22, kind: 'instant', value: (row) => row.createdAtMs },
];

function text(
	title: string,
	width: number,
	value: (row: CustomerRow) => string | null,
): WorkbookColumn<CustomerRow> {
	return { title, width, kind: 'text', value };
}
