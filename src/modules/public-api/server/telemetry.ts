import type { FieldName, SensorValue } from '#contract/device-reading.ts';
import type { DeviceFamily } from '#contract/family.ts';

/** How a standard field reads for programs. */
interface TelemetryField {
	readonly field: FieldName;
	readonly name: string;
	readonly unit: string | null;
	readonly isDuration?: boolean;
}

const durationUnit = 'hhhh:mm:ss';

function value(field: FieldName, name: string, unit: string | null): TelemetryField {
	return { field, name, unit };
}

function duration(field: FieldName): TelemetryField {
	return { field, name: field, unit: durationUnit, isDuration: true };
}

const position: readonly TelemetryField[] = [
	value('lat', 'latitude', '°'),
	value('lon', 'longitude', '°'),
	value('altitude_m', 'altitude', 'm'),
	value('heading_deg', 'heading', '°'),
	value('speed_kmh', 'speed', 'km/h'),
	value('satellites', 'satellites', null),
];
const connection: readonly TelemetryField[] = [
	value('signal', 'signal', null),
	value('firmware', 'firmware', null),
];
const batteryVoltage = value('battery_v', 'battery_voltage', 'V');
const runSignal = value('run_signal', 'run_signal', null);
const hours = [duration('total_hours'), duration('last_runtime_hours')];

const xPro: readonly TelemetryField[] = [
	batteryVoltage,
	runSignal,
	value('run_state', 'run_state', null),
	value('temperature_c', 'temperature', '°C'),
	...hours,
	...position,
	...connection,
];
const generator: readonly TelemetryField[] = [
	batteryVoltage,
	runSignal,
	value('run_state', 'run_state', null),
	value('charge_current_a', 'charge_current', 'A'),
	value('engine_temp_c', 'engine_temperature', '°C'),
	value('alternator_temp_c', 'alternator_temperature', '°C'),
	value('oil_pressure_bar', 'oil_pressure', 'bar'),
	...hours,
	value('total_kwh', 'total_kwh_produced', 'kWh'),
	value('last_kwh', 'last_kwh_produced', 'kWh'),
	...position,
	...connection,
];
const vehicle: readonly TelemetryField[] = [
	value('soc_pct', 'state_of_charge', '%'),
	value('range_km', 'range', 'km'),
	value('odometer_km', 'odometer', 'km'),
	value('ignition', 'ignition', null),
	value('charging', 'charging', null),
	batteryVoltage,
	value('charge_current_a', 'charge_current', 'A'),
	...position,
	...connection,
];

/** What devices of a family measure; each value is always there, null where it is not known. */
const fieldsOf: Record<DeviceFamily, readonly TelemetryField[]> = {
	ev: vehicle,
	x_pro: xPro,
	unified: generator,
	ultra: generator,
};

/** What the readings of a device say, by the names that programs know. */
export function telemetryValues(
	family: DeviceFamily,
	values: Partial<Record<FieldName, SensorValue>>,
): Record<string, SensorValue | null> {
	return Object.fromEntries(
		fieldsOf[family].map(({ field, name, isDuration }) => {
			const said = values[field] ?? null;
			return [name, isDuration && typeof said === 'number' ? durationText(said) : said];
		}),
	);
}

export function telemetryUnits(family: DeviceFamily): Record<string, string | null> {
	return Object.fromEntries(fieldsOf[family].map(({ name, unit }) => [name, unit]));
}

/** Hours as `0217:47:12`; more than 9999 take more digits. */
export function durationText(totalHours: number): string {
	const seconds = Math.round(totalHours * 3_600);
	const part = (amount: number, digits: number) => String(amount).padStart(digits, '0');
	return [
		part(Math.floor(seconds / 3_600), 4),
		part(Math.floor(seconds / 60) % 60, 2),
		part(seconds % 60, 2),
	].join(':');
}
