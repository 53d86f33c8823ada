/**
 * What a device may say in one reading (native protocol, `docs/protocols/native.md`). One table holds each field's
 * type, limits and group; decoding, the `readings` columns, the snapshot and the simulator all follow it.
 */

/** Values of a group are newer or older together: each group keeps the time of its newest value. */
export const fieldGroups = ['position', 'power', 'vehicle', 'engine'] as const;
export type FieldGroup = (typeof fieldGroups)[number];

interface NumberField {
	readonly type: 'number';
	readonly group: FieldGroup;
	/** Inclusive limits of the physically possible; a value outside is dropped from the reading and counted. */
	readonly min: number;
	readonly max: number;
	/** `double` where `real` (24 bits) would lose what the device said. */
	readonly column: 'real' | 'double' | 'smallint';
}
interface BooleanField {
	readonly type: 'boolean';
	readonly group: FieldGroup;
	readonly column: 'boolean';
}
interface TextField {
	readonly type: 'text';
	readonly group: FieldGroup;
	readonly maxLength: number;
	readonly column: 'text';
}
export type ReadingField = NumberField | BooleanField | TextField;

function number(
	group: FieldGroup,
	min: number,
	max: number,
	column: NumberField['column'] = 'real',
): NumberField {
	return { type: 'number', group, min, max, column };
}

/**
 * The standard fields in wire names, in the order of their columns. Limits of `signal` follow 3GPP TS 27.007 +CSQ
 * (0–31, 99 unknown); those of the others are what no two- or three-wheeler or engine controller can exceed.
 */
export const readingFields = {
	lat: number('position', -90, 90, 'double'),
	lon: number('position', -180, 180, 'double'),
	altitude_m: number('position', -500, 9000),
	heading_deg: number('position', 0, 360),
	speed_kmh: number('position', 0, 400),
	satellites: number('position', 0, 255, 'smallint'),
	soc_pct: number('power', 0, 100),
	range_km: number('power', 0, 2000),
	charging: { type: 'boolean', group: 'power', column: 'boolean' },
	battery_v: number('power', 0, 2000),
	charge_current_a: number('power', -2000, 2000),
	odometer_km: number('vehicle', 0, 10_000_000, 'double'),
	ignition: { type: 'boolean', group: 'vehicle', column: 'boolean' },
	signal: number('vehicle', 0, 99, 'smallint'),
	firmware: { type: 'text', group: 'vehicle', maxLength: 64, column: 'text' },
	run_signal: number('engine', -1_000_000, 1_000_000),
	run_state: { type: 'text', group: 'engine', maxLength: 32, column: 'text' },
	engine_temp_c: number('engine', -100, 1000),
	alternator_temp_c: number('engine', -100, 1000),
	temperature_c: number('engine', -100, 1000),
	oil_pressure_bar: number('engine', -1, 100),
	total_hours: number('engine', 0, 1_000_000, 'double'),
	last_runtime_hours: number('engine', 0, 1_000_000, 'double'),
	total_kwh: number('engine', 0, 100_000_000, 'double'),
	last_kwh: number('engine', 0, 1_000_000, 'double'),
} as const satisfies Record<string, ReadingField>;

export type FieldName = keyof typeof readingFields;
export const fieldNames = Object.keys(readingFields) as FieldName[];

type ValueOf<F extends ReadingField> = F extends NumberField
	? number
	: F extends BooleanField
		? boolean
		: string;

/** The standard values of one reading, as decoded; a missing key means that the device did not say. */
export type ReadingValues = { [N in FieldName]?: ValueOf<(typeof readingFields)[N]> };

/** A named sensor: any other number, boolean or short string a device sends. */
export type SensorValue = number | boolean | string;
export const maxSensorNameLength = 64;
export const maxSensorTextLength = 256;
export const maxSensorsPerReading = 64;
/** Readings of one message; a longer array is parked whole. */
export const maxReadingsPerMessage = 10_000;

/** One reading as it stands on the wire: every field optional but one of them. */
export type WireReading = { [N in FieldName]?: ReadingValues[N] | 0 | 1 } & {
	boot?: string;
	seq?: number;
	/** RFC 3339 */
	at?: string;
} & Record<string, unknown>;

/** A device time further ahead than this, or before {@link earliestDeviceTimeMs}, counts as missing ("clock wrong"). */
export const maxClockAheadMs = 5 * 60_000;
export const earliestDeviceTimeMs = Date.UTC(2020, 0, 1);
