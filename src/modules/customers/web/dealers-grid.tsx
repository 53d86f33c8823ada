import { IconBuildingStore } from '@tabler/icons-react';
import { lazy } from 'react';
import { call } from '#web/api/call.ts';
import type { GridColumn, GridDefinition } from '#web/ui/grid-page/grid.ts';
import { Instant } from '#web/ui/instant.tsx';
import {
	addDealer,
	type DealerRow,
	type DealerSort,
	deleteDealer,
	editDealer,
	exportDealers,
	listDealers,
	showDealer,
} from '../contract.ts';
import { CountCell, Data } from './parts/cells.tsx';
import { DealerDetails, DealerSummary } from './parts/dealer-details.tsx';
import { OwnerCard } from './parts/owner-card.tsx';
import { dealerCityOptions } from './queries.ts';
import { text } from './text.ts';

interface DealerColumn extends GridColumn<DealerRow> {
	readonly sort?: DealerSort;
}

const columns: readonly DealerColumn[] = [
	{
		key: 'name',
		title: text('dealerName'),
		sort: 'name',
		widthPx: 220,
		cell: (row) => <bdi>{row.name}</bdi>,
	},
	{ ...words('city', text('city'), 150, (row) => row.city), sort: 'city' },
	words('contact', text('contactName'), 170, (row) => row.contactName),
	words('mobile', text('mobile'), 150, (row) => row.mobile),
	words('email', text('email'), 230, (row) => row.email),
	words('address', text('address'), 220, (row) => row.address),
	count('devices', text('devices'), (row) => row.devices),
	count('customers', text('customers'), (row) => row.customers),
	count('users', text('users'), (row) => row.users),
	{
		key: 'created',
		title: text('created'),
		sort: 'created',
		widthPx: 186,
		cell: (row) => <Instant atMs={row.createdAtMs} />,
	},
];

function words(
	key: string,
	title: string,
	widthPx: number,
	value: (row: DealerRow) => string | null,
): DealerColumn {
	return { key, title, widthPx, cell: (row) => <Data value={value(row)} /> };
}

function count(key: string, title: string, value: (row: DealerRow) => number | null): DealerColumn {
	return {
		key,
		title,
		widthPx: 104,
		isNumber: true,
		cell: (row) => <CountCell count={value(row)} />,
	};
}

const namesOf = (rows: readonly DealerRow[]) => rows.map(({ name }) => name).join(', ');

/** The list of dealers. */
export const dealersGrid: GridDefinition<DealerRow> = {
	key: 'dealers',
	label: text('dealers'),
	list: listDealers,
	columns,
	rowKey: (row) => String(row.dealerNo),
	rowName: (row) => row.name,
	card: (row) => (
		<OwnerCard
			row={row}
			line={[row.city, row.contactName]}
			contact={[row.mobile, row.email]}
			users={row.users}
		/>
	),
	filters: [
		{
			name: 'city',
			label: text('city'),
			anyLabel: text('anyCity'),
			options: dealerCityOptions,
			isSearched: true,
			labelIn: (row) => row.city,
		},
	],
	searchLabel: text('dealerSearch'),
	emptyIcon: IconBuildingStore,
	emptyTitle: text('noDealersTitle'),
	emptyDetail: text('noDealersDetail'),
	noMatchTitle: text('noDealerMatches'),
	faultTitle: text('dealersFault'),
	excel: exportDealers,
	copy: { label: text('copyDealers'), value: (row) => row.name },
	detail: {
		read: (dealerNo, signal) => call(showDealer, { params: { dealerNo } }, signal),
		summary: (row) => <DealerSummary row={row} />,
		body: (row) => <DealerDetails row={row} />,
	},
	add: {
		endpoint: addDealer,
		label: text('addDealer'),
		component: lazy(() => import('./parts/dealer-form.tsx')),
	},
	edit: {
		endpoint: editDealer,
		label: text('editDealer'),
		component: lazy(() => import('./parts/dealer-form.tsx')),
	},
	remove: {
		endpoint: deleteDealer,
		label: text('deleteDealers'),
		what: (rows) => text('deleteDealersWhat', { names: namesOf(rows) }),
		async run(rows, confirm) {
			for (const { dealerNo } of rows)
				await call(deleteDealer, { params: { dealerNo }, body: { confirm } });
		},
		done: (rows) => text('dealersDeleted', { names: namesOf(rows) }),
	},
};
