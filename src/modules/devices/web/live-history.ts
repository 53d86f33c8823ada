import { type FieldGroup, fieldNames, readingFields } from '#contract/device-reading.ts';
import { type DeviceState, sensorNameOf } from '../contract.ts';
import type { History } from './queries.ts';
import { extendLine } from './series-line.ts';

/** The charts with what the device said since they were read; the same object when it said nothing new of them. */
export function extendHistory(history: History, state: DeviceState): History {
	let isLonger = false;
	const series = history.series.map((line) => {
		const point = pointOf(line.field, state);
		if (point === null) return line;
		const extended = extendLine(line, point.atMs, point.value, history.gapMs);
		if (extended !== line) isLonger = true;
		return extended;
	});
	if (!isLonger) return history;
	const newestMs = Math.max(...series.map((line) => line.atMs.at(-1) ?? 0));
	const shiftMs = Math.max(0, newestMs - history.toMs);
	return {
		...history,
		series,
		fromMs: history.fromMs + shiftMs,
		toMs: history.toMs + shiftMs,
	};
}

function pointOf(
	field: string,
	state: DeviceState,
): { readonly atMs: number; readonly value: number } | null {
	const sensor = sensorNameOf(field);
	if (sensor !== null) return point(state.newestAtMs, state.sensors[sensor]);
	const name = fieldNames.find((known) => known === field);
	if (name === undefined) return null;
	const value = state.values[name];
	if (name === 'signal' && value === 99) return null;
	return point(groupAtMs(state, readingFields[name].group), value);
}

function point(atMs: number | null, value: number | boolean | string | undefined) {
	if (atMs === null || value === undefined || typeof value === 'string') return null;
	return { atMs, value: Number(value) };
}

/** When the group's newest value was said. */
export function groupAtMs(state: DeviceState, group: FieldGroup): number | null {
	const byGroup: Readonly<Record<FieldGroup, number | null>> = {
		position: state.positionAtMs,
		power: state.powerAtMs,
		vehicle: state.vehicleAtMs,
		engine: state.engineAtMs,
	};
	return byGroup[group];
}
