import { IconApi, IconBan } from '@tabler/icons-react';
import { lazy } from 'react';
import { call } from '#web/api/call.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { createdColumn, dataColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridAction, GridColumn, GridDefinition, GridFilter } from '#web/ui/grid-page/grid.ts';
import {
	createToken,
	exportTokens,
	listTokens,
	revokeToken,
	type TokenPage,
	type TokenRow,
	type TokenSort,
	tokenKindLabels,
} from '../contract.ts';
import { ExpiryCell, LastUsedCell, StateCell } from './parts/cells.tsx';
import { TokenCard } from './parts/token-card.tsx';
import { TokenPanel, TokenSummary } from './parts/token-panel.tsx';
import { kindOptions, ownerOptions, readToken, stateOptions } from './queries.ts';
import { text } from './text.ts';

type Row = TokenRow;

interface TokenColumn extends GridColumn<Row> {
	readonly sort?: TokenSort;
}

const columns: readonly TokenColumn[] = [
	{ ...wordsColumn('name', text('name'), 200, (row) => row.name), sort: 'name' },
	{ ...dataColumn('owner', text('owner'), 210, (row) => row.ownerEmail), sort: 'owner' },
	{ key: 'state', title: text('state'), widthPx: 150, cell: (row) => <StateCell row={row} /> },
	{
		key: 'kind',
		title: text('kind'),
		widthPx: 140,
		cell: (row) => tokenKindLabels[row.kind],
	},
	{
		key: 'devices',
		title: text('devices'),
		widthPx: 130,
		cell: (row) => text(row.isRestricted ? 'chosenDevices' : 'allDevices'),
	},
	{
		key: 'expires',
		title: text('expires'),
		sort: 'expires',
		widthPx: 190,
		cell: (row) => <ExpiryCell row={row} />,
	},
	{
		key: 'last-used',
		title: text('lastUsed'),
		sort: 'last_used',
		widthPx: 250,
		cell: (row) => <LastUsedCell row={row} />,
	},
	dataColumn('last-address', text('lastAddress'), 140, (row) => row.lastUsedIp),
	dataColumn('issuer', text('issuer'), 210, (row) => row.issuerEmail),
	createdColumn(text('created')),
	{ ...dataColumn('public-id', text('publicId'), 170, (row) => row.publicId), startsHidden: true },
];

const filters: readonly GridFilter<Row>[] = [
	{
		name: 'owner',
		label: text('owner'),
		anyLabel: text('anyOwner'),
		options: ownerOptions,
		isSearched: true,
		labelIn: (row) => row.ownerEmail,
	},
	{ name: 'state', label: text('state'), anyLabel: text('anyState'), options: stateOptions },
	{ name: 'kind', label: text('kind'), anyLabel: text('anyKind'), options: kindOptions },
];

const actions: readonly GridAction<Row>[] = [
	{
		key: 'revoke',
		label: text('revoke'),
		icon: IconBan,
		endpoint: revokeToken,
		needs: 'some',
		suits: (row) => row.state !== 'revoked',
		confirm: {
			what: (rows) =>
				rows.length === 1
					? text('revokeWhat', { name: rows[0]?.name ?? '', owner: rows[0]?.ownerEmail ?? '' })
					: text('revokeMany', { count: rows.length }),
			run: async (rows, confirm) => {
				for (const { publicId } of rows)
					await call(revokeToken, { params: { publicId }, body: { confirm } });
			},
			done: (rows) =>
				rows.length === 1
					? text('revoked', { name: rows[0]?.name ?? '' })
					: text('revokedMany', { count: rows.length }),
		},
	},
];

/** The list of API tokens. */
export const tokensGrid: GridDefinition<Row, TokenPage> = {
	key: 'tokens',
	label: text('table'),
	list: listTokens,
	columns,
	filters,
	rowKey: (row) => row.publicId,
	rowName: (row) => row.name,
	isStale: (row) => row.state !== 'active',
	card: (row) => <TokenCard row={row} />,
	searchLabel: text('search'),
	emptyIcon: IconApi,
	emptyTitle: text('emptyTitle'),
	emptyDetail: text('emptyDetail'),
	noMatchTitle: text('noMatchTitle'),
	faultTitle: text('faultTitle'),
	detail: {
		read: readToken,
		beside: (row) => <CopyButton value={row.publicId} what={text('thePublicId')} />,
		summary: (row) => <TokenSummary row={row} />,
		body: (row) => <TokenPanel row={row} />,
	},
	excel: exportTokens,
	copy: { label: text('copyPublicIds'), value: (row) => row.publicId },
	add: {
		endpoint: createToken,
		label: text('add'),
		component: lazy(() => import('./parts/issue-form.tsx')),
	},
	actions,
};
