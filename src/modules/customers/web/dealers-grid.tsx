import { IconBuildingStore } from '@tabler/icons-react';
import { lazy } from 'react';
import { call } from '#web/api/call.ts';
import { countColumn, createdColumn, dataColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridColumn, GridDefinition } from '#web/ui/grid-page/grid.ts';
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
import { offerText } from './offer-text.ts';
import { DealerDetails, DealerSummary } from './parts/dealer-details.tsx';
import { OwnerCard } from './parts/owner-card.tsx';
import { dealerCityOptions } from './queries.ts';
import { text } from './text.ts';

interface DealerColumn extends GridColumn<DealerRow> {
	readonly sort?: DealerSort;
}

const columns: readonly DealerColumn[] = [
	{ ...wordsColumn('name', text('dealerName'), 220, (row) => row.name), sort: 'name' },
	{ ...wordsColumn('city', text('city'), 150, (row) => row.city), sort: 'city' },
	wordsColumn('contact', text('contactName'), 170, (row) => row.contactName),
	dataColumn('mobile', text('mobile'), 150, (row) => row.mobile),
	dataColumn('email', text('email'), 230, (row) => row.email),
	wordsColumn('address', text('address'), 220, (row) => row.address),
	countColumn('devices', text('devices'), (row) => row.devices),
	countColumn('customers', offerText('customers'), (row) => row.customers),
	countColumn('users', text('users'), (row) => row.users),
	createdColumn(text('created')),
];

const namesOf = (rows: readonly DealerRow[]) => rows.map(({ name }) => name).join(', ');

/** The list of dealers. */
export const dealersGrid: GridDefinition<DealerRow> = {
	key: 'dealers',
	label: offerText('dealers'),
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
