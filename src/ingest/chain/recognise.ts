import {
	earliestDeviceTimeMs,
	maxClockAheadMs,
	maxReadingsPerMessage,
	maxSensorTextLength,
	type SensorValue,
} from '#contract/device-reading.ts';
import type { DeviceMessage } from '../message.ts';
import { Unreadable } from '../outcome.ts';
import { newReading, type Reading } from '../reading.ts';

/** A boot's name is at most this long; a longer one is cut by nobody but not recognised. */
const maxBootLength = 64;
/** RFC 3339 date-time: a date, `T` or a space, a time with seconds, a zone. */
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Parses a message's body into its readings, each with the identity the device gave it.
 * @throws Unreadable when the body is not JSON, or not an object or an array of not too many objects
 */
export function recognise(message: DeviceMessage): Reading[] {
	const body = parseJson(message);
	if (!Array.isArray(body)) return [recogniseOne(message, body)];
	if (body.length === 0) throw new Unreadable('not_a_reading', 'The array holds no reading.');
	if (body.length > maxReadingsPerMessage)
		throw new Unreadable(
			'not_a_reading',
			`The array holds ${body.length} readings, more than ${maxReadingsPerMessage}.`,
		);
	return body.map((wire) => recogniseOne(message, wire));
}

/** @throws Unreadable */
export function parseJson(message: DeviceMessage): unknown {
	try {
		return JSON.parse(message.body.toString('utf8'));
	} catch (error) {
		throw new Unreadable('not_json', error instanceof Error ? error.message : String(error));
	}
}

function recogniseOne(message: DeviceMessage, wire: unknown): Reading {
	if (!isObject(wire))
		throw new Unreadable(
			'not_a_reading',
			`A reading is an object, but this is ${wire === null ? 'null' : Array.isArray(wire) ? 'an array' : `a ${typeof wire}`}.`,
		);
	const sequence = sequenceOf(wire.seq);
	const time = timeOf(wire.at, message.receivedAtMs);
	// A sequence that may have begun again tells nothing without a time: better stored twice than not at all.
	const isCounted = sequence !== -1 && (hasBoot(wire) || time.hasDeviceTime);
	const bootName = isCounted ? bootNameOf(wire.boot) : null;
	return newReading(message, wire, bootName, sequence, time);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasBoot(wire: Readonly<Record<string, unknown>>): boolean {
	return wire.boot !== undefined && wire.boot !== null;
}

/** -1 when there is no usable sequence. */
function sequenceOf(value: unknown): number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : -1;
}

function bootNameOf(value: unknown): string | null {
	if (value === undefined || value === null) return '';
	const name = typeof value === 'number' ? String(value) : value;
	return typeof name === 'string' &&
		name.length <= maxBootLength &&
		name.isWellFormed() &&
		!name.includes('\0')
		? name
		: null;
}

/** The device's time when it can be believed, else the time of receipt (`docs/protocols/native.md`, clocks). */
function timeOf(
	value: unknown,
	receivedAtMs: number,
): { atMs: number; hasDeviceTime: boolean; rejectedTime: SensorValue | null } {
	if (value === undefined || value === null)
		return { atMs: receivedAtMs, hasDeviceTime: false, rejectedTime: null };
	if (typeof value === 'string' && rfc3339.test(value)) {
		const atMs = Date.parse(value);
		if (atMs >= earliestDeviceTimeMs && atMs <= receivedAtMs + maxClockAheadMs)
			return { atMs, hasDeviceTime: true, rejectedTime: null };
	}
	return { atMs: receivedAtMs, hasDeviceTime: false, rejectedTime: asSensor(value) };
}

function asSensor(value: unknown): SensorValue {
	if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
		return value;
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
	return text.slice(0, maxSensorTextLength).replaceAll('\0', '').toWellFormed();
}
