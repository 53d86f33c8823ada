import { IconTruckOff } from '@tabler/icons-react';
import { lazy } from 'react';
import { deviceFamilies, deviceFamilyLabels } from '#contract/family.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { dataColumn, wordsColumn } from '#web/ui/grid-page/columns.tsx';
import type { GridColumn, GridDefinition, GridFilter } from '#web/ui/grid-page/grid.ts';
import { exportFleet, type FleetPage, type FleetRow, type FleetSort } from '../contract.ts';
import {
	ConnectionCell,
	CoordinateCell,
	LastHeardCell,
	NumberCell,
	PowerCell,
	ProductStatusCell,
	SignalCell,
	SocCell,
	SpeedCell,
	StatusCell,
	YesNoCell,
} from './parts/cells.tsx';
import { DeviceCard } from './parts/device-card.tsx';
import { DeviceSummary } from './parts/device-summary.tsx';
import { customerOptions, dealerOptions, firmwareOptions, readDevice } from './queries.ts';
import { identityOf, isStale } from './telemetry.ts';
import { text } from './text.ts';

const DeviceDetails = lazy(async () => ({
	default: (await import('./parts/device-details.tsx')).DeviceDetails,
}));

interface FleetColumn extends GridColumn<FleetRow> {
	readonly sort?: FleetSort;
}

/** Every column that a grid of the fleet may have. */
export const fleetColumns = {
	identity: {
		key: 'identity',
		title: text('identity'),
		sort: 'vin',
		widthPx: 206,
		cell: (row) => identityOf(row),
	},
	status: {
		key: 'status',
		title: text('status'),
		sort: 'status',
		widthPx: 176,
		cell: (row) => <StatusCell row={row} />,
	},
	lastHeard: {
		key: 'last-heard',
		title: text('lastHeard'),
		sort: 'last_heard',
		widthPx: 252,
		ages: true,
		cell: (row) => <LastHeardCell row={row} />,
	},
	connection: {
		key: 'connection',
		title: text('connection'),
		widthPx: 116,
		cell: (row) => <ConnectionCell row={row} />,
	},
	power: {
		key: 'power',
		title: text('power'),
		sort: 'soc',
		widthPx: 132,
		ages: true,
		cell: (row) => <PowerCell row={row} />,
	},
	soc: {
		key: 'soc',
		title: text('socPercent'),
		sort: 'soc',
		widthPx: 118,
		ages: true,
		cell: (row) => <SocCell row={row} />,
	},
	range: number('range', text('range'), 'range', 112, (row) => row.rangeKm),
	odometer: number('odometer', text('odometer'), 'odometer', 132, (row) => row.odometerKm),
	speed: {
		key: 'speed',
		title: text('speed'),
		sort: 'speed',
		widthPx: 84,
		isNumber: true,
		ages: true,
		cell: (row) => <SpeedCell row={row} />,
	},
	ignition: {
		key: 'ignition',
		title: text('ignition'),
		widthPx: 90,
		ages: true,
		cell: (row) => <YesNoCell value={row.ignition} yes={text('on')} no={text('off')} />,
	},
	charging: {
		key: 'charging',
		title: text('chargingStatus'),
		widthPx: 132,
		ages: true,
		cell: (row) => (
			<YesNoCell value={row.charging} yes={text('charging')} no={text('notCharging')} />
		),
	},
	signal: {
		key: 'signal',
		title: text('signal'),
		sort: 'signal',
		widthPx: 96,
		ages: true,
		cell: (row) => <SignalCell row={row} />,
	},
	latitude: {
		key: 'latitude',
		title: text('latitude'),
		widthPx: 106,
		isNumber: true,
		ages: true,
		cell: (row) => <CoordinateCell degrees={row.lat} />,
	},
	longitude: {
		key: 'longitude',
		title: text('longitude'),
		widthPx: 110,
		isNumber: true,
		ages: true,
		cell: (row) => <CoordinateCell degrees={row.lon} />,
	},
	firmware: {
		...dataColumn('firmware', text('firmware'), 116, (row) => row.firmware),
		sort: 'firmware',
	},
	customer: {
		...wordsColumn('customer', text('customer'), 176, (row) => row.customerName),
		sort: 'customer',
	},
	city: wordsColumn('city', text('city'), 124, (row) => row.customerCity),
	dealer: {
		...wordsColumn('dealer', text('dealer'), 160, (row) => row.dealerName),
		sort: 'dealer',
	},
	deviceId: dataColumn('device-id', text('deviceId'), 164, (row) => row.deviceId),
	telematicsId: dataColumn('telematics-id', text('telematicsId'), 150, (row) => row.telematicsId),
	model: wordsColumn('model', text('model'), 150, (row) => row.model),
	registration: dataColumn('registration', text('registration'), 156, (row) => row.registrationNo),
	family: dataColumn('family', text('family'), 96, (row) => deviceFamilyLabels[row.family]),
	productStatus: {
		key: 'product-status',
		title: text('productStatus'),
		widthPx: 128,
		cell: (row) => <ProductStatusCell row={row} />,
	},
} satisfies Record<string, FleetColumn>;

function number(
	key: string,
	title: string,
	sort: FleetSort,
	widthPx: number,
	value: (row: FleetRow) => number | null,
): FleetColumn {
	const cell = (row: FleetRow) => <NumberCell value={value(row)} />;
	return { key, title, sort, widthPx, isNumber: true, ages: true, cell };
}

/** A column that is there when somebody asks for it. */
export function hidden(column: FleetColumn): FleetColumn {
	return { ...column, startsHidden: true };
}

export const fleetFilters = {
	family: {
		name: 'family',
		label: text('family'),
		anyLabel: text('allFamilies'),
		options: async () =>
			deviceFamilies.map((value) => ({ value, label: deviceFamilyLabels[value] })),
	},
	dealer: {
		name: 'dealerNo',
		label: text('dealer'),
		anyLabel: text('allDealers'),
		options: (_, signal) => dealerOptions('', signal),
		labelIn: (row) => row.dealerName,
	},
	customer: {
		name: 'customerNo',
		label: text('customer'),
		anyLabel: text('allCustomers'),
		options: customerOptions,
		isSearched: true,
		labelIn: (row) => row.customerName,
	},
	firmware: {
		name: 'firmware',
		label: text('firmware'),
		anyLabel: text('allFirmwares'),
		options: (_, signal) => firmwareOptions('', signal),
	},
} satisfies Record<string, GridFilter<FleetRow>>;

/** What all grids of the fleet have in common. */
export const fleetGrid = {
	rowKey: (row) => row.deviceId,
	rowName: identityOf,
	isStale,
	card: (row) => <DeviceCard row={row} />,
	searchLabel: text('searchName'),
	emptyIcon: IconTruckOff,
	emptyTitle: text('noDevicesTitle'),
	emptyDetail: text('noDevicesDetail'),
	noMatchTitle: text('noMatchTitle'),
	faultTitle: text('faultTitle'),
	detail: {
		read: readDevice,
		beside: (row) => (
			<CopyButton value={identityOf(row)} what={text(row.vin === null ? 'name' : 'vin')} />
		),
		summary: (row) => <DeviceSummary row={row} />,
		body: (row) => <DeviceDetails row={row} />,
	},
	excel: exportFleet,
	copy: { label: text('copyDeviceIds'), value: (row) => row.deviceId },
} satisfies Partial<GridDefinition<FleetRow, FleetPage>>;
