import type { FieldName, SensorValue } from '#contract/device-reading.ts';
import { fieldGroups } from '#contract/device-reading.ts';
import { fields } from '#ingest/fields.ts';
import type { Snapshot } from '#ingest/snapshot.ts';
import type { DeviceState } from '../contract.ts';

/** What the feed keeps of a watched device; the status comes from the index, since silence changes it, too. */
export type StateWord = Omit<DeviceState, 'status'>;

/** The newest word of a device as its page shows it; a copy, since the lane goes on writing the snapshot. */
export function stateOf(snapshot: Snapshot): StateWord {
	const values: Partial<Record<FieldName, SensorValue>> = {};
	for (const { name, place } of fields) {
		const value = snapshot.values[place] ?? null;
		if (value !== null) values[name] = value;
	}
	return {
		deviceNo: snapshot.registration.deviceNo,
		lastHeardAtMs: instant(snapshot.lastHeardAtMs),
		newestAtMs: instant(snapshot.newestAtMs),
		clockWrong: snapshot.clockWrong,
		positionAtMs: groupAtMs(snapshot, 'position'),
		powerAtMs: groupAtMs(snapshot, 'power'),
		vehicleAtMs: groupAtMs(snapshot, 'vehicle'),
		engineAtMs: groupAtMs(snapshot, 'engine'),
		values,
		sensors: { ...snapshot.sensors },
	};
}

function groupAtMs(snapshot: Snapshot, group: (typeof fieldGroups)[number]): number | null {
	return instant(snapshot.groupAtMs[fieldGroups.indexOf(group)] ?? Number.NEGATIVE_INFINITY);
}

function instant(atMs: number): number | null {
	return atMs === Number.NEGATIVE_INFINITY ? null : atMs;
}
