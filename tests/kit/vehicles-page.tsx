import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCar, IconParking } from '@tabler/icons-react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import type { GridDefinition, GridDialog } from '#web/ui/grid-page/grid.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import {
	addVehicle,
	editVehicle,
	listVehicles,
	parkVehicle,
	removeVehicles,
	showVehicle,
	type Vehicle,
	type Vehicles,
} from './vehicles.ts';

const grid: GridDefinition<Vehicle, Vehicles> = {
	key: 'kit-vehicles',
	label: 'Vehicles',
	list: listVehicles,
	rowKey: ({ vin }) => vin,
	rowName: ({ vin }) => vin,
	columns: [
		{ key: 'vin', title: 'VIN No', sort: 'vin', widthPx: 200, cell: ({ vin }) => vin },
		{ key: 'note', title: 'Note', sort: 'note', widthPx: 200, cell: ({ note }) => note },
		{ key: 'parked', title: 'Parked', widthPx: 90, cell: (row) => (row.isParked ? 'Yes' : 'No') },
	],
	card: ({ vin, note }) => `${vin} ${note}`,
	filters: [],
	searchLabel: 'Search by VIN',
	emptyIcon: IconCar,
	emptyTitle: 'No vehicles yet',
	emptyDetail: 'Add the first one.',
	noMatchTitle: 'No vehicle matches',
	faultTitle: 'The vehicles could not be read',
	detail: {
		read: (vin, signal) => call(showVehicle, { params: { vin } }, signal),
		summary: ({ note }) => note,
		body: (row) => (row.isParked ? 'Parked' : 'On the road'),
	},
	add: { endpoint: addVehicle, label: 'Add vehicle', component: VehicleForm },
	edit: { endpoint: editVehicle, label: 'Edit vehicle', component: VehicleForm },
	remove: {
		endpoint: removeVehicles,
		label: 'Delete vehicles',
		what: (rows) => `This deletes ${rows.length}: ${rows.map(({ vin }) => vin).join(', ')}.`,
		run: (rows, confirm) =>
			call(removeVehicles, { body: { vins: rows.map(({ vin }) => vin), confirm } }),
		done: (rows) => `${rows.length} deleted.`,
	},
	actions: [
		{
			key: 'park',
			label: 'Park',
			icon: IconParking,
			endpoint: parkVehicle,
			needs: 'one',
			suits: ({ isParked }) => !isParked,
			async run(rows) {
				for (const { vin } of rows) await call(parkVehicle, { params: { vin } });
				return 'Parked.';
			},
		},
	],
};

function VehicleForm({ row, ...dialog }: GridDialog & { readonly row?: Vehicle }) {
	const form = useForm({
		initialValues: { vin: row?.vin ?? '', note: row?.note ?? '' },
		validate: (values) => schemaErrors(addVehicle.body?.omit({ confirm: true }), values),
	});
	const input = form.getInputProps;
	return (
		<FormDrawer
			{...dialog}
			title={row ? 'Edit vehicle' : 'Add vehicle'}
			form={form}
			what={({ vin }) => `This ${row ? 'changes' : 'adds'} the vehicle ${vin}.`}
			onSubmit={async ({ vin, note }, confirm) => {
				if (row) await call(editVehicle, { params: { vin }, body: { note, confirm } });
				else await call(addVehicle, { body: { vin, note, confirm } });
			}}
			done={({ vin }) => `${vin} was ${row ? 'changed' : 'added'}.`}
		>
			{row ? null : <TextInput label="VIN" withAsterisk data-autofocus {...input('vin')} />}
			<TextInput label="Note" withAsterisk data-autofocus={row && true} {...input('note')} />
		</FormDrawer>
	);
}

/** A grid page as modules have them. */
export function VehiclesPage() {
	return <GridPage grid={useGrid(grid)} />;
}
