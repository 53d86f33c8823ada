import type { SensorValue } from '#contract/device-reading.ts';
import { emptyValues, type FieldValues } from './fields.ts';
import type { DeviceMessage } from './message.ts';

/** One reading on its way through the chain; each step fills in what it knows. */
export interface Reading {
	readonly message: DeviceMessage;
	/** As it stood in the body. */
	readonly wire: Readonly<Record<string, unknown>>;
	/** Its boot's name and sequence, if it carries both. */
	readonly bootName: string | null;
	readonly sequence: number;
	/** The device's time, or the time of receipt when the device has no usable one. */
	readonly atMs: number;
	readonly hasDeviceTime: boolean;
	/** What stood in `at` when it could not be used: the device's clock is wrong. */
	readonly rejectedTime: SensorValue | null;
	identHigh: number;
	identLow: number;
	isLate: boolean;
	readonly values: FieldValues;
	sensors: Record<string, SensorValue> | null;
}

export function newReading(
	message: DeviceMessage,
	wire: Readonly<Record<string, unknown>>,
	bootName: string | null,
	sequence: number,
	time: { atMs: number; hasDeviceTime: boolean; rejectedTime: SensorValue | null },
): Reading {
	return {
		message,
		wire,
		bootName,
		sequence,
		atMs: time.atMs,
		hasDeviceTime: time.hasDeviceTime,
		rejectedTime: time.rejectedTime,
		identHigh: 0,
		identLow: 0,
		isLate: false,
		values: emptyValues(),
		sensors: null,
	};
}

/** Whether a reading was parked and comes again: its place among the stored ones is where it would have stood. */
export function isReplayed({ message }: Reading): boolean {
	return message.parkedNo !== undefined;
}

/** Identity of a reading whose time is that of its receipt: a repetition has another, but the same boot and sequence. */
export function untimedKey(identHigh: number, identLow: number): string {
	return `/${identHigh}/${identLow}`;
}

/** Whether boot and sequence alone tell a reading's repetition. */
export function isUntimed({ hasDeviceTime, bootName }: Reading): boolean {
	return !hasDeviceTime && bootName !== null;
}

/** Identity within one device, as a key of maps and sets. */
export function readingKey(atMs: number, identHigh: number, identLow: number): string {
	return `${atMs}/${identHigh}/${identLow}`;
}
