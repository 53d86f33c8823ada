import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook } from '#platform/http/serve-workbook.ts';
import { instantColumn, textColumn, type WorkbookColumn } from '#platform/http/workbook-columns.ts';
import { exportTokens, type TokenRow, tokenKindLabels, tokenStateLabels } from '../contract.ts';
import { callerOf } from './actions.ts';
import { countTokens, readTokenPortions } from './list-store.ts';

/** Serves the tokens as an Excel workbook, written while they are read. */
export function serveTokenExport(
	app: FastifyInstance,
	{ pool, database }: { readonly pool: pg.Pool; readonly database: Database },
): void {
	const file = { pool, fileName: 'api-tokens' };
	serveWorkbook(app, exportTokens, file, async ({ query, principal }) => {
		const reader = callerOf(principal);
		return {
			sheetName: 'API tokens',
			columns,
			timeZone: principal.organization.timeZone,
			rows: await countTokens(database, reader, query),
			read: (client) => readTokenPortions(database, client, reader, query, rowsPerMark),
		};
	});
}

const columns: readonly WorkbookColumn<TokenRow>[] = [
	textColumn('Name', 28, (row) => row.name),
	textColumn('Owner', 28, (row) => row.ownerEmail),
	textColumn('Issued by', 28, (row) => row.issuerEmail),
	textColumn('Kind', 18, (row) => tokenKindLabels[row.kind]),
	textColumn('Devices', 12, (row) => (row.isRestricted ? 'Chosen' : 'All')),
	textColumn('State', 16, (row) => tokenStateLabels[row.state]),
	instantColumn('Created', (row) => row.createdAtMs),
	instantColumn('Expires', (row) => row.expiresAtMs),
	instantColumn('Last used', (row) => row.lastUsedAtMs),
	textColumn('Last address', 18, (row) => row.lastUsedIp),
	instantColumn('Revoked', (row) => row.revokedAtMs),
	textColumn('Revoked by', 28, (row) => row.revokedBy),
	textColumn('Public ID', 20, (row) => row.publicId),
];
