import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { rowsPerMark } from '#contract/workbook.ts';
import type { Database } from '#platform/database/connect.ts';
import { serveWorkbook, type WorkbookColumn } from '#platform/http/serve-workbook.ts';
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
	text('Name', 28, (row) => row.name),
	text('Owner', 28, (row) => row.ownerEmail),
	text('Issued by', 28, (row) => row.issuerEmail),
	text('Kind', 18, (row) => tokenKindLabels[row.kind]),
	text('Devices', 12, (row) => (row.isRestricted ? 'Chosen' : 'All')),
	text('State', 16, (row) => tokenStateLabels[row.state]),
	instant('Created', (row) => row.createdAtMs),
	instant('Expires', (row) => row.expiresAtMs),
	instant('Last used', (row) => row.lastUsedAtMs),
	text('Last address', 18, (row) => row.lastUsedIp),
	instant('Revoked', (row) => row.revokedAtMs),
	text('Revoked by', 28, (row) => row.revokedBy),
	text('Public ID', 20, (row) => row.publicId),
];

function text(
	title: string,
	width: number,
	value: (row: TokenRow) => string | null,
): WorkbookColumn<TokenRow> {
	return { title, width, kind: 'text', value };
}

function instant(title: string, value: (row: TokenRow) => number | null): WorkbookColumn<TokenRow> {
	return { title, width: 22, kind: 'instant', value };
}
