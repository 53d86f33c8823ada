import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { requireWholeOrganization } from '#contract/scope.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
import { exportOrganizations, type OrganizationRow } from '../contract.ts';
import { countOrganizations, readOrganizationPortions } from './organization-list.ts';

/** Serves the list of organizations as an Excel workbook, written while it is read. */
export function serveOrganizationExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	const file = { pool, fileName: 'organizations' };
	serveWorkbook(app, exportOrganizations, file, async ({ query, principal }) => {
		requireWholeOrganization(principal.scope);
		return {
			sheetName: 'Organizations',
			columns: exportColumns,
			timeZone: principal.organization.timeZone,
			rows: await countOrganizations(database, query),
			read: (client) => readOrganizationPortions(database, client, principal, query, rowsPerMark),
		};
	});
}

const exportColumns: readonly WorkbookColumn<OrganizationRow>[] = [
	{ title: 'Name', width: 30, kind: 'text', value: (row) => row.name },
	{ title: 'Hosts', width: 40, kind: 'text', value: (row) => row.hosts.join(', ') },
	{ title: 'Country', width: 10, kind: 'text', value: (row) => row.country },
	{ title: 'Time zone', width: 22, kind: 'text', value: (row) => row.timeZone },
	{ title: 'Devices', width: 10, kind: 'number', value: (row) => row.devices },
	{ title: 'Users', width: 10, kind: 'number', value: (row) => row.users },
	{ title: 'Created', width: 22, kind: 'instant', value: (row) => row.createdAtMs },
];
