import { IconBuildingCommunity, IconLogin2, IconTrash } from '@tabler/icons-react';
import { lazy } from 'react';
import { call } from '#web/api/call.ts';
import { paths } from '#web/links.ts';
import { countColumn, createdColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridAction, GridColumn, GridDefinition } from '#web/ui/grid-page/grid.ts';
import {
	addOrganization,
	editOrganization,
	enterOrganization,
	exportOrganizations,
	listOrganizations,
	type OrganizationRow,
	type OrganizationsPage,
	removeOrganization,
	showOrganizationRow,
} from '../contract.ts';
import { HostsCell, YouCell } from './parts/cells.tsx';
import { OrganizationCard } from './parts/organization-card.tsx';
import { OrganizationPanel } from './parts/organization-panel.tsx';
import { countryName } from './parts/region-choices.ts';
import { text } from './text.ts';

type Row = OrganizationRow;

const columns: readonly GridColumn<Row>[] = [
	{ ...wordsColumn('name', text('name'), 240, (row) => row.name), sort: 'name' },
	{ key: 'you', title: text('you'), widthPx: 150, cell: (row) => <YouCell row={row} /> },
	{ key: 'hosts', title: text('hosts'), widthPx: 280, cell: (row) => <HostsCell row={row} /> },
	{ key: 'country', title: text('country'), widthPx: 140, cell: (row) => countryName(row.country) },
	{ key: 'time-zone', title: text('timeZone'), widthPx: 170, cell: (row) => row.timeZone },
	countColumn('devices', text('devices'), (row) => row.devices),
	countColumn('users', text('users'), (row) => row.users),
	createdColumn(text('created')),
];

const actions: readonly GridAction<Row>[] = [
	{
		key: 'enter',
		label: text('enter'),
		icon: IconLogin2,
		endpoint: enterOrganization,
		needs: 'one',
		suits: (row) => !row.isHere,
		async run([row]) {
			const { organizationNo = 0 } = row ?? {};
			const { name } = await call(enterOrganization, { params: { organizationNo }, body: {} });
			// Afresh, so that nothing that was fetched stays in memory.
			location.assign(paths.home);
			return text('entered', { name });
		},
	},
	{
		key: 'remove',
		label: text('remove'),
		icon: IconTrash,
		endpoint: removeOrganization,
		needs: 'one',
		suits: (row) => !row.isHere && !row.isHome,
		component: lazy(() => import('./parts/remove-dialog.tsx')),
	},
];

/** The list of all organizations. */
export const organizationsGrid: GridDefinition<Row, OrganizationsPage> = {
	key: 'organizations',
	label: text('table'),
	list: listOrganizations,
	columns,
	filters: [],
	rowKey: (row) => String(row.organizationNo),
	rowName: (row) => row.name,
	card: (row) => <OrganizationCard row={row} />,
	searchLabel: text('searchLabel'),
	emptyIcon: IconBuildingCommunity,
	emptyTitle: text('emptyTitle'),
	emptyDetail: text('emptyDetail'),
	noMatchTitle: text('noMatchTitle'),
	faultTitle: text('faultTitle'),
	detail: {
		read: (rowKey, signal) =>
			call(showOrganizationRow, { params: { organizationNo: Number(rowKey) } }, signal),
		summary: (row) => <YouCell row={row} />,
		body: (row) => <OrganizationPanel row={row} />,
	},
	excel: exportOrganizations,
	add: {
		endpoint: addOrganization,
		label: text('add'),
		component: lazy(() => import('./parts/add-organization-form.tsx')),
	},
	edit: {
		endpoint: editOrganization,
		label: text('editRow'),
		component: lazy(() => import('./parts/edit-organization-form.tsx')),
	},
	actions,
};
