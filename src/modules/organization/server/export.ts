import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { requireWholeOrganization } from '#contract/scope.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook } from '#platform/http/serve-workbook.ts';
import {
	instantColumn,
	numberColumn,
	textColumn,
	type WorkbookColumn,
} from '#platform/http/workbook-columns.ts';
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
	textColumn('Name', 30, (row) => row.name),
	textColumn('Hosts', 40, (row) => row.hosts.join(', ')),
	textColumn('Country', 10, (row) => row.country),
	textColumn('Time zone', 22, (row) => row.timeZone),
	numberColumn('Devices', 10, (row) => row.devices),
	numberColumn('Users', 10, (row) => row.users),
	instantColumn('Created', (row) => row.createdAtMs),
];
