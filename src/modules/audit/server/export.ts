import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { roleLabels } from '#contract/roles.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
import { type AuditEntry, auditActionText, auditSubjectText, exportAudit } from '../contract.ts';
import { countAudit, readAuditPortions } from './store.ts';

/** What Excel takes in a cell, in UTF-16 units. */
const longestCell = 32_767;

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
	{ title: 'When', width: 22, kind: 'instant', value: (entry) => entry.atMs },
	text('Person', 28, (entry) => entry.userEmail),
	text('Role', 14, (entry) => roleLabels[entry.actingAs]),
	text('Action', 28, (entry) => auditActionText(entry.action)),
	text('Subject kind', 18, (entry) => auditSubjectText(entry.subjectKind)),
	text('Subject', 24, (entry) => entry.subjectId),
	text('Before', 50, (entry) => written(entry.before)),
	text('After', 50, (entry) => written(entry.after)),
	text('Address', 18, (entry) => entry.ip),
	text('User agent', 40, (entry) => entry.userAgent),
	text('Request ID', 38, (entry) => entry.requestId),
	{ title: 'Entry', width: 12, kind: 'number', value: (entry) => entry.auditNo },
	text('API token', 24, (entry) => entry.tokenName),
];

function text(
	title: string,
	width: number,
	value: (entry: AuditEntry) => string | null,
): WorkbookColumn<AuditEntry> {
	return { title, width, kind: 'text', value };
}

function written(value: AuditEntry['before']): string | null {
	return value === null ? null : JSON.stringify(value).slice(0, longestCell);
}
