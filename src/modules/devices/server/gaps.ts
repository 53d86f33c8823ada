import type { Series } from '../contract.ts';

/** What is known of a field in one slice of time: when it was first and last said, and what is to be drawn. */
export interface SeriesSlice {
	readonly firstAtMs: number;
	readonly lastAtMs: number;
	/** In the order of their times. */
	readonly points: readonly SeriesPoint[];
}
export interface SeriesPoint {
	readonly atMs: number;
	readonly value: number;
}

/** Joins slices in the order of time to one series. Silence between two of them that is longer than `gapMs` is a gap. */
export function joinSlices(field: string, slices: readonly SeriesSlice[], gapMs: number): Series {
	const atMs: number[] = [];
	const values: (number | null)[] = [];
	let before: SeriesSlice | undefined;
	for (const slice of slices) {
		if (before !== undefined && slice.firstAtMs - before.lastAtMs > gapMs) {
			atMs.push(before.lastAtMs + 1);
			values.push(null);
		}
		for (const point of slice.points) {
			atMs.push(point.atMs);
			values.push(point.value);
		}
		before = slice;
	}
	return { field, atMs, values };
}
