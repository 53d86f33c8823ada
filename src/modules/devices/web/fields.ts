import { type FieldName, readingFields } from '#contract/device-reading.ts';
import { type DeviceFamily, type RunState, runStates } from '#contract/family.ts';
import type { Region } from '#web/text/region.tsx';
import { type DeviceState, sensorField, sensorNameOf, seriesFields } from '../contract.ts';
import { text } from './text.ts';

interface FieldFacts {
	readonly label: string;
	readonly unit: string;
	readonly maxDecimals: number;
}

function facts(label: string, unit: string, maxDecimals = 0): FieldFacts {
	return { label, unit, maxDecimals };
}

/** How each standard field is called and written. */
export const fieldFacts: Readonly<Record<FieldName, FieldFacts>> = {
	lat: facts(text('latitude'), text('unitDegree'), 5),
	lon: facts(text('longitude'), text('unitDegree'), 5),
	altitude_m: facts(text('altitude'), text('unitMetre')),
	heading_deg: facts(text('heading'), text('unitDegree')),
	speed_kmh: facts(text('speed'), text('unitSpeed')),
	satellites: facts(text('satellites'), text('noUnit')),
	soc_pct: facts(text('stateOfCharge'), text('unitPercent'), 1),
	range_km: facts(text('rangeLeft'), text('unitKm')),
	charging: facts(text('charging'), text('noUnit')),
	battery_v: facts(text('batteryVoltage'), text('unitVolt'), 1),
	charge_current_a: facts(text('chargeCurrent'), text('unitAmpere'), 1),
	odometer_km: facts(text('odometer'), text('unitKm'), 1),
	ignition: facts(text('ignition'), text('noUnit')),
	signal: facts(text('signal'), text('unitSignal')),
	firmware: facts(text('firmwareNow'), text('noUnit')),
	run_signal: facts(text('runSignal'), text('noUnit'), 1),
	run_state: facts(text('runState'), text('noUnit')),
	engine_temp_c: facts(text('engineTemperature'), text('unitCelsius')),
	alternator_temp_c: facts(text('alternatorTemperature'), text('unitCelsius')),
	temperature_c: facts(text('temperature'), text('unitCelsius')),
	oil_pressure_bar: facts(text('oilPressure'), text('unitBar'), 1),
	total_hours: facts(text('totalHours'), text('noUnit')),
	last_runtime_hours: facts(text('lastRuntimeHours'), text('noUnit')),
	total_kwh: facts(text('totalKwh'), text('unitEnergy'), 1),
	last_kwh: facts(text('lastKwh'), text('unitEnergy'), 1),
};

const vehicleTiles: readonly FieldName[] = [
	'soc_pct',
	'range_km',
	'speed_kmh',
	'odometer_km',
	'ignition',
	'charging',
	'battery_v',
	'signal',
];
const generatorTiles: readonly FieldName[] = [
	'run_state',
	'battery_v',
	'run_signal',
	'charge_current_a',
	'engine_temp_c',
	'alternator_temp_c',
	'oil_pressure_bar',
	'total_hours',
	'last_runtime_hours',
	'total_kwh',
	'last_kwh',
	'signal',
];

/** The values that stand large on the page of a device of this family. */
export const familyTiles: Readonly<Record<DeviceFamily, readonly FieldName[]>> = {
	ev: vehicleTiles,
	x_pro: [
		'run_state',
		'battery_v',
		'run_signal',
		'temperature_c',
		'total_hours',
		'last_runtime_hours',
		'signal',
	],
	unified: generatorTiles,
	ultra: generatorTiles,
};

/** Fields that have their own place on the page, whatever the family. */
const placed: readonly FieldName[] = [
	'lat',
	'lon',
	'altitude_m',
	'heading_deg',
	'satellites',
	'firmware',
];

/** Standard fields that the device says although its family usually does not. */
export function unusualFields(family: DeviceFamily, values: DeviceState['values']): FieldName[] {
	const shown = new Set([...familyTiles[family], ...placed]);
	return (Object.keys(readingFields) as FieldName[]).filter(
		(name) => values[name] !== undefined && !shown.has(name),
	);
}

/** What can be drawn of a device: the standard fields and numeric sensors that it has ever said. */
export function drawableFields({ values, sensors }: DeviceState): string[] {
	return [
		...seriesFields.filter((name) => values[name] !== undefined),
		...Object.keys(sensors)
			.filter((name) => typeof sensors[name] === 'number')
			.map(sensorField),
	];
}

const firstDrawn: Readonly<Record<DeviceFamily, readonly FieldName[]>> = {
	ev: ['speed_kmh', 'soc_pct'],
	x_pro: ['battery_v', 'temperature_c'],
	unified: ['battery_v', 'engine_temp_c', 'oil_pressure_bar'],
	ultra: ['battery_v', 'engine_temp_c', 'oil_pressure_bar'],
};

/** What is drawn until somebody chooses. */
export function defaultFields(family: DeviceFamily, drawable: readonly string[]): string[] {
	const usual = firstDrawn[family].filter((name) => drawable.includes(name));
	return usual.length > 0 ? usual : drawable.slice(0, 2);
}

/** The name of a standard field, or of a sensor as the device calls it. */
export function fieldLabel(field: string): string {
	return standardField(field)?.label ?? sensorNameOf(field) ?? field;
}

export function fieldUnit(field: string): string {
	return standardField(field)?.unit ?? text('noUnit');
}

/** Whether a field is only on or off. */
export function isSwitch(field: string): boolean {
	return field === 'ignition' || field === 'charging';
}

/** A drawn number as people read it: switches are 0 and 1 on the wire. */
export function drawnText(field: string, value: number, region: Region): string {
	if (isSwitch(field)) return switchText(field, value === 1);
	if (isHours(field)) return hoursText(value);
	return region.number(value, standardField(field)?.maxDecimals ?? 3);
}

/** A value of a device as people read it, without its unit; null when there is none. */
export function valueText(
	name: FieldName,
	value: number | boolean | string | undefined,
	region: Region,
): string | null {
	if (value === undefined) return null;
	if (typeof value === 'number') {
		// AT+CSQ (3GPP TS 27.007): 99 stands for "not known".
		return name === 'signal' && value === 99 ? null : drawnText(name, value, region);
	}
	if (typeof value === 'boolean') return switchText(name, value);
	return name === 'run_state' ? runStateText(value) : value;
}

function standardField(field: string): FieldFacts | undefined {
	return Object.entries(fieldFacts).find(([name]) => name === field)?.[1];
}

function switchText(field: string, isOn: boolean): string {
	if (field === 'charging') return text(isOn ? 'yes' : 'no');
	return text(isOn ? 'on' : 'off');
}

function isHours(field: string): boolean {
	return field === 'total_hours' || field === 'last_runtime_hours';
}

/** Hours as engine controllers show them: `217:47:12`. */
function hoursText(hours: number): string {
	const seconds = Math.round(hours * 3600);
	const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
	return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const runStateNames: Record<RunState, string> = {
	stopped: text('runStopped'),
	standby: text('runStandby'),
	starting: text('runStarting'),
	running: text('runRunning'),
	cooling: text('runCooling'),
	fault: text('runFault'),
};

/** A run state in words; one that this portal does not know reads as the device wrote it. */
function runStateText(runState: string): string {
	const known = runStates.find((state) => state === runState);
	return known ? runStateNames[known] : runState;
}
