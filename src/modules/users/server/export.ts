import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { misRoleLabels, roleLabels } from '#contract/roles.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook } from '#platform/http/serve-workbook.ts';
import { instantColumn, textColumn, type WorkbookColumn } from '#platform/http/workbook-columns.ts';
import { exportUsers, type UserRow, userStateLabels } from '../contract.ts';
import { countUsers, readUserPortions } from './store.ts';

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
	textColumn('User Name', 32, (row) => row.email),
	textColumn('Name', 24, (row) => row.name),
	textColumn('Role', 14, (row) => roleLabels[row.role]),
	textColumn('MIS Role', 10, (row) => misRoleLabels[row.misRole]),
	textColumn('Customers', 40, (row) =>
		row.customers === null ? 'ALL' : row.customers.map(({ name }) => name).join(', '),
	),
	textColumn('Dealer', 22, (row) => row.dealerName),
	textColumn('User Account', 20, (row) => row.userAccount),
	textColumn('State', 18, (row) => userStateLabels[row.state]),
	instantColumn('Last sign-in', (row) => row.lastSignInAtMs),
	instantColumn('Created', (row) => row.createdAtMs),
];
