import { maxSensorsPerReading, type SensorValue } from '#contract/device-reading.ts';
import { fields } from '../fields.ts';
import type { Reading } from '../reading.ts';
import type { Snapshot } from '../snapshot.ts';
import { rememberBoot } from './discard-repeats.ts';

/**
 * Takes a reading into the snapshot: each group of values only where the reading is not older than the group's newest
 * value, so that late data never overwrite newer state.
 */
export function settle(reading: Reading, snapshot: Snapshot): void {
	const { atMs, values } = reading;
	const { groupAtMs } = snapshot;
	for (const { place, groupPlace } of fields) {
		const value = values[place]!;
		if (value === null || atMs < groupAtMs[groupPlace]!) continue;
		snapshot.values[place] = value;
	}
	for (const { place, groupPlace } of fields)
		if (values[place] !== null && atMs > groupAtMs[groupPlace]!) groupAtMs[groupPlace] = atMs;
	if (!reading.isLate && reading.sensors !== null)
		snapshot.sensors = newestSensors(snapshot.sensors, reading.sensors);
	if (!reading.isLate) snapshot.clockWrong = reading.rejectedTime !== null;
	rememberBoot(reading, snapshot);
	if (atMs > snapshot.newestAtMs) snapshot.newestAtMs = atMs;
}

/** What of a replayed reading is not the newest word any more. */
export interface Superseded {
	/** Whether there is any newer reading; of two of one time, the one that was received later is newer. */
	readonly isPast: boolean;
	/** Names of the standard values and sensors that newer readings have, too. */
	readonly names: ReadonlySet<string>;
}

/**
 * Takes a replayed reading into the snapshot of a device that has spoken again meanwhile: every value that no newer
 * reading has. Groups are too coarse for that: what the device said of a group's other values meanwhile is no reason to keep an
 * older value than this.
 */
export function settleReplayed(reading: Reading, snapshot: Snapshot, superseded: Superseded): void {
	const { atMs, values } = reading;
	const isNewest = (name: string): boolean => !superseded.names.has(name);
	for (const { name, place, groupPlace } of fields) {
		const value = values[place]!;
		if (value === null || !isNewest(name)) continue;
		snapshot.values[place] = value;
		if (atMs > snapshot.groupAtMs[groupPlace]!) snapshot.groupAtMs[groupPlace] = atMs;
	}
	const sensors = Object.entries(reading.sensors ?? {}).filter(([name]) => isNewest(name));
	if (sensors.length > 0)
		snapshot.sensors = newestSensors(snapshot.sensors, Object.fromEntries(sensors));
	rememberBoot(reading, snapshot);
}

/** The device was heard, whatever became of the message. A receipt that is replayed later is older and changes nothing. */
export function hear(receivedAtMs: number, snapshot: Snapshot): void {
	if (receivedAtMs > snapshot.lastHeardAtMs) snapshot.lastHeardAtMs = receivedAtMs;
}

/** Newest value of each sensor; the names used longest ago go first when a device invents ever new ones. */
function newestSensors(
	before: Readonly<Record<string, SensorValue>> | null,
	reading: Readonly<Record<string, SensorValue>>,
): Readonly<Record<string, SensorValue>> {
	const merged: Record<string, SensorValue> = {};
	for (const name in before) if (!Object.hasOwn(reading, name)) merged[name] = before[name]!;
	Object.assign(merged, reading);
	const names = Object.keys(merged);
	for (const name of names.slice(0, Math.max(0, names.length - maxSensorsPerReading)))
		delete merged[name];
	return merged;
}
