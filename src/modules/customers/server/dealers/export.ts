import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
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
	text('Dealer name', 28, (row) => row.name),
	text('City', 18, (row) => row.city),
	text('Contact name', 24, (row) => row.contactName),
	text('Mobile number', 18, (row) => row.mobile),
	text('Email Id', 30, (row) => row.email),
	text('Address', 32, (row) => row.address),
	{ title: 'Devices', width: 10, kind: 'number', value: (row) => row.devices },
	{ title: 'Customers', width: 10, kind: 'number', value: (row) => row.customers },
	{ title: 'Users', width: 10, kind: 'number', value: (row) => row.users },
	{ title: 'Created', width: 22, kind: 'instant', value: (row) => row.createdAtMs },
];

function text(
	title: string,
	width: number,
	value: (row: DealerRow) => string | null,
): WorkbookColumn<DealerRow> {
	return { title, width, kind: 'text', value };
}
