import { deviceFamilyLabels, transportLabels } from '#contract/family.ts';
import { liveIntervals, statusLabel } from '#contract/status.ts';
import { productStatusLabels } from '#modules/products/contract.ts';
import type { WorkbookColumn } from '#platform/http/serve-workbook.ts';
import type { FleetRow } from '../contract.ts';

type ExportColumn = WorkbookColumn<FleetRow>;

/** AT+CSQ (3GPP TS 27.007): 99 stands for "not known". */
const unknownSignal = 99;

/** What the Excel file of the fleet holds, whichever columns a page shows. */
export const exportColumns = (nowMs: number): readonly ExportColumn[] => [
	text('VIN No', 22, (row) => row.vin),
	text('Device name', 20, (row) => row.name),
	text('Device ID', 20, (row) => row.deviceId),
	text('VCU ID', 18, (row) => row.telematicsId),
	text('Family', 10, (row) => deviceFamilyLabels[row.family]),
	text('Model', 18, (row) => row.model),
	text('Registration Number', 18, (row) => row.registrationNo),
	text('Customer', 24, (row) => row.customerName),
	text('City', 16, (row) => row.customerCity),
	text('Dealer', 22, (row) => row.dealerName),
	text('Product status', 14, (row) =>
		row.productStatus === null ? null : productStatusLabels[row.productStatus],
	),
	text('Status', 18, (row) => statusLabel(row.status, row.family)),
	text('Connection', 12, (row) => (isLive(row, nowMs) ? 'Live' : 'Not live')),
	{
		title: 'Last Heart Beat',
		width: 22,
		kind: 'instant',
		value: (row) => row.lastHeardAtMs,
	},
	text('Ignition', 9, (row) => choice(row.ignition, 'On', 'Off')),
	text('Charging', 9, (row) => choice(row.charging, 'Yes', 'No')),
	number('SoC, %', (row) => row.socPct),
	number('Range, km', (row) => row.rangeKm),
	number('Odometer, km', (row) => row.odometerKm),
	number('Speed, km/h', (row) => row.speedKmh),
	number('Battery, V', (row) => row.batteryV),
	number('Signal', (row) => (row.signal === unknownSignal ? null : row.signal)),
	number('Latitude', (row) => row.lat),
	number('Longitude', (row) => row.lon),
	text('Firmware', 14, (row) => row.firmware),
	text('Communication type', 18, (row) =>
		row.transport === null ? null : transportLabels[row.transport],
	),
	text('Run state', 12, (row) => row.runState),
	number('Engine, °C', (row) => row.engineTempC),
	number('Total hours', (row) => row.totalHours),
	number('Total energy, kWh', (row) => row.totalKwh),
];

function text(title: string, width: number, value: ExportColumn['value']): ExportColumn {
	return { title, width, kind: 'text', value };
}

function number(title: string, value: ExportColumn['value']): ExportColumn {
	return { title, width: Math.max(10, title.length + 2), kind: 'number', value };
}

function choice(value: boolean | null, yes: string, no: string): string | null {
	if (value === null) return null;
	return value ? yes : no;
}

function isLive({ lastHeardAtMs, reportingIntervalSeconds }: FleetRow, nowMs: number): boolean {
	return (
		lastHeardAtMs !== null &&
		nowMs - lastHeardAtMs <= liveIntervals * reportingIntervalSeconds * 1_000
	);
}
