import { IconUsersGroup } from '@tabler/icons-react';
import { lazy } from 'react';
import { call } from '#web/api/call.ts';
import { countColumn, createdColumn, dataColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridColumn, GridDefinition } from '#web/ui/grid-page/grid.ts';
import {
	addCustomer,
	type CustomerRow,
	type CustomerSort,
	deleteCustomer,
	editCustomer,
	exportCustomers,
	listCustomers,
	showCustomer,
} from '../contract.ts';
import { offerText } from './offer-text.ts';
import { CustomerDetails, CustomerSummary } from './parts/customer-details.tsx';
import { OwnerCard } from './parts/owner-card.tsx';
import { cityOptions, dealerOptions, usedLocationOptions } from './queries.ts';
import { text } from './text.ts';

interface CustomerColumn extends GridColumn<CustomerRow> {
	readonly sort?: CustomerSort;
}

const columns: readonly CustomerColumn[] = [
	{ ...wordsColumn('name', text('customerName'), 220, (row) => row.name), sort: 'name' },
	wordsColumn('address', text('address'), 220, (row) => row.address),
	{ ...wordsColumn('city', text('city'), 140, (row) => row.city), sort: 'city' },
	dataColumn('pin-code', text('pinCode'), 100, (row) => row.pinCode),
	dataColumn('mobile', text('mobile'), 150, (row) => row.mobile),
	dataColumn('email', text('email'), 230, (row) => row.email),
	wordsColumn('location', text('location'), 140, (row) => row.locationCity),
	wordsColumn('dealer', text('dealer'), 170, (row) => row.dealerName),
	countColumn('devices', text('devices'), (row) => row.devices),
	countColumn('users', text('users'), (row) => row.users),
	createdColumn(text('created')),
];

const namesOf = (rows: readonly CustomerRow[]) => rows.map(({ name }) => name).join(', ');

/** The list of customers. */
export const customersGrid: GridDefinition<CustomerRow> = {
	key: 'customers',
	label: offerText('customers'),
	list: listCustomers,
	columns,
	rowKey: (row) => String(row.customerNo),
	rowName: (row) => row.name,
	card: (row) => (
		<OwnerCard
			row={row}
			line={[row.city, row.dealerName]}
			contact={[row.mobile, row.email]}
			users={row.users}
		/>
	),
	filters: [
		{
			name: 'locationNo',
			label: text('location'),
			anyLabel: text('anyLocation'),
			options: usedLocationOptions,
			isSearched: true,
			labelIn: (row) => row.locationCity,
		},
		{
			name: 'city',
			label: text('city'),
			anyLabel: text('anyCity'),
			options: cityOptions,
			isSearched: true,
			labelIn: (row) => row.city,
		},
		{
			name: 'dealerNo',
			label: text('dealer'),
			anyLabel: text('anyDealer'),
			options: dealerOptions,
			isSearched: true,
			labelIn: (row) => row.dealerName,
		},
	],
	searchLabel: text('customerSearch'),
	emptyIcon: IconUsersGroup,
	emptyTitle: text('noCustomersTitle'),
	emptyDetail: text('noCustomersDetail'),
	noMatchTitle: text('noCustomerMatches'),
	faultTitle: text('customersFault'),
	excel: exportCustomers,
	copy: { label: text('copyCustomers'), value: (row) => row.name },
	detail: {
		read: (customerNo, signal) => call(showCustomer, { params: { customerNo } }, signal),
		summary: (row) => <CustomerSummary row={row} />,
		body: (row) => <CustomerDetails row={row} />,
	},
	add: {
		endpoint: addCustomer,
		label: text('addCustomer'),
		component: lazy(() => import('./parts/customer-form.tsx')),
	},
	edit: {
		endpoint: editCustomer,
		label: text('editCustomer'),
		component: lazy(() => import('./parts/customer-form.tsx')),
	},
	remove: {
		endpoint: deleteCustomer,
		label: text('deleteCustomers'),
		what: (rows) => text('deleteCustomersWhat', { names: namesOf(rows) }),
		async run(rows, confirm) {
			for (const { customerNo } of rows)
				await call(deleteCustomer, { params: { customerNo }, body: { confirm } });
		},
		done: (rows) => text('customersDeleted', { names: namesOf(rows) }),
	},
};
