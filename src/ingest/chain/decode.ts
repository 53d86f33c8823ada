import {
	maxSensorNameLength,
	maxSensorsPerReading,
	maxSensorTextLength,
	type ReadingField,
	type SensorValue,
} from '#contract/device-reading.ts';
import { type FieldValue, fieldByName, placeOf } from '../fields.ts';
import { drop, type Outcome, pass } from '../outcome.ts';
import type { Reading } from '../reading.ts';

const latPlace = placeOf('lat');
const lonPlace = placeOf('lon');

/** Keys of a reading that are no values. */
const envelope: ReadonlySet<string> = new Set(['boot', 'seq', 'at']);

/**
 * Reads the standard values and named sensors of a reading. An impossible value (latitude 91) is left out and counted
 * by its field's name; the rest is kept.
 */
export function decode(reading: Reading, countImpossible: (name: string) => void): Outcome {
	let sensorCount = 0;
	let valueCount = 0;
	for (const name in reading.wire) {
		const raw = reading.wire[name];
		if (raw === null || raw === undefined || envelope.has(name)) continue;
		const placed = fieldByName.get(name);
		if (placed !== undefined) {
			const value = fieldValue(placed.field, raw);
			if (value === null) countImpossible(name);
			else {
				reading.values[placed.place] = value;
				valueCount++;
			}
			continue;
		}
		const value = sensorValue(name, raw);
		if (value === null || sensorCount === maxSensorsPerReading) {
			countImpossible('sensor');
			continue;
		}
		reading.sensors ??= {};
		reading.sensors[name] = value;
		sensorCount++;
	}
	if (reading.rejectedTime !== null) {
		reading.sensors ??= {};
		reading.sensors.device_at = reading.rejectedTime;
		sensorCount++;
	}
	return valueCount + sensorCount === 0 ? drop('empty') : pass;
}

/** Makes values comparable: a position is whole or missing, a heading lies in 0–360° exclusive. */
export function normalise(reading: Reading): Outcome {
	const { values } = reading;
	if (values[latPlace] === null || values[lonPlace] === null) {
		values[latPlace] = null;
		values[lonPlace] = null;
	}
	if (values[headingPlace] === 360) values[headingPlace] = 0;
	return pass;
}

const headingPlace = placeOf('heading_deg');

/** The value as its column takes it, or null when it is impossible. */
function fieldValue(field: ReadingField, raw: unknown): FieldValue {
	switch (field.type) {
		case 'number': {
			if (typeof raw !== 'number' || !(raw >= field.min && raw <= field.max)) return null;
			return field.column === 'smallint' ? Math.round(raw) : raw;
		}
		case 'boolean':
			if (typeof raw === 'boolean') return raw;
			return raw === 1 ? true : raw === 0 ? false : null;
		case 'text':
			return typeof raw === 'string' && raw.length <= field.maxLength && isStorable(raw)
				? raw
				: null;
	}
}

function sensorValue(name: string, raw: unknown): SensorValue | null {
	if (name.length > maxSensorNameLength || name === '__proto__' || !isStorable(name)) return null;
	switch (typeof raw) {
		case 'number':
			return Number.isFinite(raw) ? raw : null;
		case 'boolean':
			return raw;
		case 'string':
			return raw.length <= maxSensorTextLength && isStorable(raw) ? raw : null;
		default:
			return null;
	}
}

/** PostgreSQL's text holds neither NUL nor half of a surrogate pair. */
function isStorable(text: string): boolean {
	return text.isWellFormed() && !text.includes('\0');
}
