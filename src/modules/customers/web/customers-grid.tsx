import { IconUsersGroup } from '@tabler/icons-react';
import { lazy } from 'react';
import { call } from '#web/api/call.ts';
import type { GridColumn, GridDefinition } from '#web/ui/grid-page/grid.ts';
import { Instant } from '#web/ui/instant.tsx';
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
import { CountCell, Data } from './parts/cells.tsx';
import { CustomerDetails, CustomerSummary } from './parts/customer-details.tsx';
import { OwnerCard } from './parts/owner-card.tsx';
import { cityOptions, dealerOptions, usedLocationOptions } from './queries.ts';
import { text } from './text.ts';

interface CustomerColumn extends GridColumn<CustomerRow> {
	readonly sort?: CustomerSort;
}

const columns: readonly CustomerColumn[] = [
	{
		key: 'name',
		title: text('customerName'),
		sort: 'name',
		widthPx: 220,
		cell: (row) => <bdi>{row.name}</bdi>,
	},
	words('address', text('address'), 220, (row) => row.address),
	{ ...words('city', text('city'), 140, (row) => row.city), sort: 'city' },
	words('pin-code', text('pinCode'), 100, (row) => row.pinCode),
	words('mobile', text('mobile'), 150, (row) => row.mobile),
	words('email', text('email'), 230, (row) => row.email),
	words('location', text('location'), 140, (row) => row.locationCity),
	words('dealer', text('dealer'), 170, (row) => row.dealerName),
	{
		key: 'devices',
		title: text('devices'),
		widthPx: 96,
		isNumber: true,
		cell: (row) => <CountCell count={row.devices} />,
	},
	{
		key: 'users',
		title: text('users'),
		widthPx: 84,
		isNumber: true,
		cell: (row) => <CountCell count={row.users} />,
	},
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
	value: (row: CustomerRow) => string | null,
): CustomerColumn {
	return { key, title, widthPx, cell: (row) => <Data value={value(row)} /> };
}

const namesOf = (rows: readonly CustomerRow[]) => rows.map(({ name }) => name).join(', ');

/** The list of customers. */
export const customersGrid: GridDefinition<CustomerRow> = {
	key: 'customers',
	label: text('customers'),
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
