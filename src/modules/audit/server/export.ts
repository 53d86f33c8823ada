import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { roleLabels } from '#contract/roles.ts';
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
import { type AuditEntry, auditActionText, auditSubjectText, exportAudit } from '../contract.ts';
import { countAudit, readAuditPortions } from './store.ts';

/** Serves the audit log as an Excel workbook, written while it is read. */
export function serveAuditExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	const file = { pool, fileName: 'audit-log' };
	serveWorkbook(app, exportAudit, file, async ({ query, principal }) => {
		const organizationNo = requireWholeOrganization(principal.scope);
		return {
			sheetName: 'Audit log',
			columns: exportColumns,
			timeZone: principal.organization.timeZone,
			rows: await countAudit(database, organizationNo, query),
			read: (client) => readAuditPortions(database, client, organizationNo, query, rowsPerMark),
		};
	});
}

const exportColumns: readonly WorkbookColumn<AuditEntry>[] = [
	instantColumn('When', (entry) => entry.atMs),
	textColumn('Person', 28, (entry) => entry.userEmail),
	textColumn('Role', 14, (entry) => roleLabels[entry.actingAs]),
	textColumn('Action', 28, (entry) => auditActionText(entry.action)),
	textColumn('Subject kind', 18, (entry) => auditSubjectText(entry.subjectKind)),
	textColumn('Subject', 24, (entry) => entry.subjectId),
	textColumn('Before', 50, (entry) => written(entry.before)),
	textColumn('After', 50, (entry) => written(entry.after)),
	textColumn('Address', 18, (entry) => entry.ip),
	textColumn('User agent', 40, (entry) => entry.userAgent),
	textColumn('Request ID', 38, (entry) => entry.requestId),
	numberColumn('Entry', 12, (entry) => entry.auditNo),
	textColumn('API token', 24, (entry) => entry.tokenName),
];

function written(value: AuditEntry['before']): string | null {
	return value === null ? null : JSON.stringify(value);
}
