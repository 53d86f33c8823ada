import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { listAudit, listAuditFilters, showAudit } from '../contract.ts';
import { serveAuditExport } from './export.ts';
import { readAuditEntry, readAuditFilters, readAuditPage } from './store.ts';

export interface AuditRoutesOptions {
	readonly pool: pg.Pool;
	readonly database: Database;
}

/** The endpoints of the audit log. There is none that changes it. */
export function serveAuditRoutes(app: FastifyInstance, options: AuditRoutesOptions): void {
	const { database } = options;
	serve(app, listAudit, ({ query, principal }) =>
		readAuditPage(database, requireWholeOrganization(principal.scope), query),
	);
	serveAuditExport(app, options);
	serve(app, listAuditFilters, ({ query, principal }) =>
		readAuditFilters(database, requireWholeOrganization(principal.scope), query.person),
	);
	serve(app, showAudit, async ({ params, principal }) => {
		const entry = await readAuditEntry(
			database,
			requireWholeOrganization(principal.scope),
			params.auditNo,
		);
		if (entry === undefined) throw fault('not_found', { thing: 'audit entry' });
		return entry;
	});
}
