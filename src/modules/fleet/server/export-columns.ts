import { deviceFamilyLabels, transportLabels } from '#contract/family.ts';
import { isLiveAt, statusLabel } from '#contract/status.ts';
import { productStatusLabels } from '#modules/products/contract.ts';
import {
	instantColumn,
	numberColumn,
	textColumn,
	type WorkbookColumn,
} from '#platform/http/workbook-columns.ts';
import type { FleetRow } from '../contract.ts';

type ExportColumn = WorkbookColumn<FleetRow>;

/** AT+CSQ (3GPP TS 27.007): 99 stands for "not known". */
const unknownSignal = 99;

/** What the Excel file of the fleet holds, whichever columns a page shows. */
export const exportColumns = (nowMs: number): readonly ExportColumn[] => [
	textColumn('VIN No', 22, (row) => row.vin),
	textColumn('Device name', 20, (row) => row.name),
	textColumn('Device ID', 20, (row) => row.deviceId),
	textColumn('VCU ID', 18, (row) => row.telematicsId),
	textColumn('Family', 10, (row) => deviceFamilyLabels[row.family]),
	textColumn('Model', 18, (row) => row.model),
	textColumn('Registration Number', 18, (row) => row.registrationNo),
	textColumn('Customer', 24, (row) => row.customerName),
	textColumn('City', 16, (row) => row.customerCity),
	textColumn('Dealer', 22, (row) => row.dealerName),
	textColumn('Product status', 14, (row) =>
		row.productStatus === null ? null : productStatusLabels[row.productStatus],
	),
	textColumn('Status', 18, (row) => statusLabel(row.status, row.family)),
	textColumn('Connection', 12, (row) => (isLiveAt(row, nowMs) ? 'Live' : 'Not live')),
	instantColumn('Last Heart Beat', (row) => row.lastHeardAtMs),
	textColumn('Ignition', 9, (row) => choice(row.ignition, 'On', 'Off')),
	textColumn('Charging', 9, (row) => choice(row.charging, 'Yes', 'No')),
	number('SoC, %', (row) => row.socPct),
	number('Range, km', (row) => row.rangeKm),
	number('Odometer, km', (row) => row.odometerKm),
	number('Speed, km/h', (row) => row.speedKmh),
	number('Battery, V', (row) => row.batteryV),
	number('Signal', (row) => (row.signal === unknownSignal ? null : row.signal)),
	number('Latitude', (row) => row.lat),
	number('Longitude', (row) => row.lon),
	textColumn('Firmware', 14, (row) => row.firmware),
	textColumn('Communication type', 18, (row) =>
		row.transport === null ? null : transportLabels[row.transport],
	),
	textColumn('Run state', 12, (row) => row.runState),
	number('Engine, °C', (row) => row.engineTempC),
	number('Total hours', (row) => row.totalHours),
	number('Total energy, kWh', (row) => row.totalKwh),
];

/** As wide as its title. */
function number(title: string, value: (row: FleetRow) => number | null): ExportColumn {
	return numberColumn(title, Math.max(10, title.length + 2), value);
}

function choice(value: boolean | null, yes: string, no: string): string | null {
	if (value === null) return null;
	return value ? yes : no;
}
