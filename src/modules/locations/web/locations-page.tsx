import { IconMapPin } from '@tabler/icons-react';
import { lazy } from 'react';
import { countryName } from '#contract/country.ts';
import { call } from '#web/api/call.ts';
import { countColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridColumn, GridDefinition, GridFilter } from '#web/ui/grid-page/grid.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import {
	addLocation,
	deleteLocations,
	editLocation,
	exportLocations,
	type LocationFilter,
	type LocationPage,
	type LocationRow,
	type LocationSort,
	listLocationFilters,
	listLocationRows,
	showLocation,
} from '../contract.ts';
import { Degrees } from './parts/cells.tsx';
import { LocationCard } from './parts/location-card.tsx';
import { LocationPanel, LocationSummary } from './parts/location-panel.tsx';
import { text } from './text.ts';

type Row = LocationRow;

/** The places by which the fleet is counted. */
export default function LocationsPage() {
	return <GridPage grid={useGrid(grid)} />;
}

interface LocationColumn extends GridColumn<Row> {
	readonly sort?: LocationSort;
}

const columns: readonly LocationColumn[] = [
	{ ...wordsColumn('city', text('city'), 190, (row) => row.city), sort: 'city' },
	{ ...wordsColumn('district', text('district'), 180, (row) => row.district), sort: 'district' },
	{ ...wordsColumn('state', text('state'), 180, (row) => row.state), sort: 'state' },
	{
		key: 'country',
		title: text('country'),
		sort: 'country',
		widthPx: 150,
		cell: (row) => countryName(row.country),
	},
	{ ...wordsColumn('zone', text('zone'), 110, (row) => row.zone), sort: 'zone' },
	{
		key: 'lat',
		title: text('lat'),
		widthPx: 120,
		isNumber: true,
		cell: (row) => <Degrees value={row.lat} />,
	},
	{
		key: 'lon',
		title: text('lon'),
		widthPx: 120,
		isNumber: true,
		cell: (row) => <Degrees value={row.lon} />,
	},
	countColumn('customers', text('customers'), (row) => row.customers),
	countColumn('devices', text('devices'), (row) => row.devices),
];

const filters: readonly GridFilter<Row>[] = [
	filterBy('zone', text('zone'), text('anyZone'), (row) => row.zone),
	filterBy('state', text('state'), text('anyState'), (row) => row.state),
	{
		...filterBy('country', text('country'), text('anyCountry'), (row) => countryName(row.country)),
		// A country is found by its name, which the browser knows; there are never too many.
		isSearched: false,
	},
];

function filterBy(
	name: LocationFilter,
	label: string,
	anyLabel: string,
	labelIn: (row: Row) => string | null,
): GridFilter<Row> {
	return {
		name,
		label,
		anyLabel,
		isSearched: true,
		labelIn,
		async options(typed, signal) {
			const query = { filter: name, q: typed };
			const { values } = await call(listLocationFilters, { query }, signal);
			return values.map((value) => ({
				value,
				label: name === 'country' ? countryName(value) : value,
			}));
		},
	};
}

const grid: GridDefinition<Row, LocationPage> = {
	key: 'locations',
	list: listLocationRows,
	label: text('table'),
	columns,
	rowKey: (row) => String(row.locationNo),
	rowName: ({ city, state }) => text('rowName', { city, state }),
	card: (row) => <LocationCard row={row} />,
	filters,
	searchLabel: text('searchLabel'),
	emptyIcon: IconMapPin,
	emptyTitle: text('emptyTitle'),
	emptyDetail: text('emptyDetail'),
	noMatchTitle: text('noMatchTitle'),
	faultTitle: text('faultTitle'),
	excel: exportLocations,
	detail: {
		read: (locationNo, signal) => call(showLocation, { params: { locationNo } }, signal),
		summary: (row) => <LocationSummary row={row} />,
		body: (row) => <LocationPanel row={row} />,
	},
	add: {
		endpoint: addLocation,
		label: text('add'),
		component: lazy(() => import('./parts/location-form.tsx')),
	},
	edit: {
		endpoint: editLocation,
		label: text('edit'),
		component: lazy(() => import('./parts/location-form.tsx')),
	},
	remove: {
		endpoint: deleteLocations,
		label: text('delete'),
		what: (rows) => {
			const [first] = rows;
			return first !== undefined && rows.length === 1
				? text('deleteOne', { city: first.city, state: first.state })
				: text('deleteSome', {
						count: rows.length,
						cities: rows.map(({ city }) => city).join(', '),
					});
		},
		run: (rows, confirm) =>
			call(deleteLocations, {
				body: { locationNos: rows.map(({ locationNo }) => locationNo), confirm },
			}),
		done: (rows) =>
			rows.length === 1
				? text('deletedOne', { city: rows[0]?.city ?? '' })
				: text('deletedSome', { count: rows.length }),
	},
};
