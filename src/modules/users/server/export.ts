import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { misRoleLabels, roleLabels } from '#contract/roles.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
import { exportUsers, type UserRow, userStateLabels } from '../contract.ts';
import { countUsers, readUserPortions } from './store.ts';

/** What Excel takes in a cell, in UTF-16 units. */
const longestCell = 32_767;

/** Serves the list of users as an Excel workbook, written while it is read. */
export function serveUserExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	const file = { pool, fileName: 'users' };
	serveWorkbook(app, exportUsers, file, async ({ query, principal }) => {
		const organizationNo = requireWholeOrganization(principal.scope);
		const reader = { organizationNo, userId: principal.userId, role: principal.role };
		return {
			sheetName: 'Users',
			columns: exportColumns,
			timeZone: principal.organization.timeZone,
			rows: await countUsers(database, organizationNo, query),
			read: (client) => readUserPortions(database, client, reader, query, rowsPerMark),
		};
	});
}

type ExportColumn = WorkbookColumn<UserRow>;

const exportColumns: readonly ExportColumn[] = [
	text('User Name', 32, (row) => row.email),
	text('Name', 24, (row) => row.name),
	text('Role', 14, (row) => roleLabels[row.role]),
	text('MIS Role', 10, (row) => misRoleLabels[row.misRole]),
	text('Customers', 40, (row) =>
		row.customers === null
			? 'ALL'
			: row.customers
					.map(({ name }) => name)
					.join(', ')
					.slice(0, longestCell),
	),
	text('Dealer', 22, (row) => row.dealerName),
	text('User Account', 20, (row) => row.userAccount),
	text('State', 18, (row) => userStateLabels[row.state]),
	instant('Last sign-in', (row) => row.lastSignInAtMs),
	instant('Created', (row) => row.createdAtMs),
];

function text(title: string, width: number, value: ExportColumn['value']): ExportColumn {
	return { title, width, kind: 'text', value };
}

function instant(title: string, value: ExportColumn['value']): ExportColumn {
	return { title, width: 22, kind: 'instant', value };
}
