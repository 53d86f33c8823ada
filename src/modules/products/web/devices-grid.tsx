import {
	IconArchive,
	IconArchiveOff,
	IconCpu2,
	IconKey,
	IconUsersGroup,
} from '@tabler/icons-react';
import { lazy } from 'react';
import {
	deviceFamilies,
	deviceFamilyLabels,
	transportLabels,
	transports,
} from '#contract/family.ts';
import { call } from '#web/api/call.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { createdColumn, dataColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridAction, GridColumn, GridDefinition, GridFilter } from '#web/ui/grid-page/grid.ts';
import {
	addDevice,
	assignDevices,
	bringBackDevice,
	editDevice,
	exportRegisteredDevices,
	listRegisteredDevices,
	type RegisteredDeviceRow,
	type RegistryPage,
	type RegistrySort,
	renewDeviceKey,
	retireDevice,
	showRegisteredDevice,
} from '../contract.ts';
import { ClockCell, KeyCell, LastHeardCell, StateCell } from './parts/cells.tsx';
import { DeviceCard } from './parts/device-card.tsx';
import { DevicePanel, DeviceSummary } from './parts/device-panel.tsx';
import { text } from './text.ts';

type Row = RegisteredDeviceRow;

interface DeviceColumn extends GridColumn<Row> {
	readonly sort?: RegistrySort;
}

const columns: readonly DeviceColumn[] = [
	{ ...dataColumn('device-id', text('deviceId'), 190, (row) => row.deviceId), sort: 'device_id' },
	{
		...dataColumn('telematics-id', text('telematicsId'), 156, (row) => row.telematicsId),
		sort: 'telematics_id',
	},
	wordsColumn('name', text('name'), 150, (row) => row.name),
	wordsColumn('family', text('family'), 92, (row) => deviceFamilyLabels[row.family]),
	wordsColumn('transport', text('transport'), 164, (row) =>
		row.transport === null ? null : transportLabels[row.transport],
	),
	dataColumn('sim', text('simNo'), 186, (row) => row.simNo),
	dataColumn('vin', text('vin'), 186, (row) => row.vin),
	wordsColumn('customer', text('customer'), 176, (row) => row.customerName),
	wordsColumn('dealer', text('dealer'), 160, (row) => row.dealerName),
	{
		key: 'last-heard',
		title: text('lastHeard'),
		widthPx: 252,
		cell: (row) => <LastHeardCell row={row} />,
	},
	dataColumn('firmware', text('firmware'), 110, (row) => row.firmware),
	{
		key: 'interval',
		title: text('interval'),
		widthPx: 168,
		isNumber: true,
		cell: (row) => row.reportingIntervalSeconds,
	},
	{ key: 'clock', title: text('clock'), widthPx: 116, cell: (row) => <ClockCell row={row} /> },
	{ key: 'key', title: text('key'), widthPx: 320, cell: (row) => <KeyCell row={row} /> },
	{ key: 'state', title: text('state'), widthPx: 100, cell: (row) => <StateCell row={row} /> },
	createdColumn(text('created')),
];

const filters: readonly GridFilter<Row>[] = [
	{
		name: 'family',
		label: text('family'),
		anyLabel: text('allFamilies'),
		options: async () =>
			deviceFamilies.map((value) => ({ value, label: deviceFamilyLabels[value] })),
	},
	{
		name: 'transport',
		label: text('transport'),
		anyLabel: text('allTransports'),
		options: async () => transports.map((value) => ({ value, label: transportLabels[value] })),
	},
	{
		name: 'state',
		label: text('state'),
		anyLabel: text('inService'),
		options: async () => [{ value: 'retired', label: text('retired') }],
	},
	{
		name: 'heard',
		label: text('heard'),
		anyLabel: text('anyHeard'),
		options: async () => [{ value: 'never', label: text('neverHeard') }],
	},
];

const isInService = (row: Row) => row.retiredAtMs === null;

const actions: readonly GridAction<Row>[] = [
	{
		key: 'assign',
		label: text('assign'),
		icon: IconUsersGroup,
		endpoint: assignDevices,
		needs: 'some',
		component: lazy(() => import('./parts/assign-form.tsx')),
	},
	{
		key: 'renew',
		label: text('renew'),
		icon: IconKey,
		endpoint: renewDeviceKey,
		needs: 'one',
		suits: isInService,
		component: lazy(() => import('./parts/renew-dialog.tsx')),
	},
	{
		key: 'retire',
		label: text('retire'),
		icon: IconArchive,
		endpoint: retireDevice,
		needs: 'one',
		suits: isInService,
		confirm: {
			what: ([row]) =>
				text('retireWhat', {
					deviceId: row?.deviceId ?? '',
					vin: row?.vin ?? text('none'),
					customer: row?.customerName ?? text('belongsToNobody'),
				}),
			run: changeEach(retireDevice),
			done: ([row]) => text('retiredDone', { deviceId: row?.deviceId ?? '' }),
		},
	},
	{
		key: 'bring-back',
		label: text('bringBack'),
		icon: IconArchiveOff,
		endpoint: bringBackDevice,
		needs: 'one',
		suits: (row) => !isInService(row),
		confirm: {
			what: ([row]) => text('bringBackWhat', { deviceId: row?.deviceId ?? '' }),
			run: changeEach(bringBackDevice),
			done: ([row]) => text('broughtBack', { deviceId: row?.deviceId ?? '' }),
		},
	},
];

function changeEach(endpoint: typeof retireDevice | typeof bringBackDevice) {
	return async (rows: readonly Row[], confirm: string) => {
		for (const { deviceId } of rows)
			await call(endpoint, { params: { deviceId }, body: { confirm } });
	};
}

/** The list of all registered devices. */
export const devicesGrid: GridDefinition<Row, RegistryPage> = {
	key: 'devices',
	label: text('table'),
	list: listRegisteredDevices,
	columns,
	filters,
	rowKey: (row) => row.deviceId,
	rowName: (row) => row.deviceId,
	card: (row) => <DeviceCard row={row} />,
	searchLabel: text('searchLabel'),
	emptyIcon: IconCpu2,
	emptyTitle: text('emptyTitle'),
	emptyDetail: text('emptyDetail'),
	noMatchTitle: text('noMatchTitle'),
	faultTitle: text('faultTitle'),
	detail: {
		read: (deviceId, signal) => call(showRegisteredDevice, { params: { deviceId } }, signal),
		beside: (row) => <CopyButton value={row.deviceId} what={text('theDeviceId')} />,
		summary: (row) => <DeviceSummary row={row} />,
		body: (row) => <DevicePanel row={row} />,
	},
	excel: exportRegisteredDevices,
	copy: { label: text('copyDeviceIds'), value: (row) => row.deviceId },
	add: {
		endpoint: addDevice,
		label: text('add'),
		component: lazy(() => import('./parts/add-form.tsx')),
	},
	edit: {
		endpoint: editDevice,
		label: text('edit'),
		component: lazy(() => import('./parts/edit-form.tsx')),
	},
	actions,
};
