import type { Position } from '#web/map/flat-camera.ts';
import type { Track } from '../contract.ts';

const earthRadiusM = 6_371_008.8;
/** A position is held for some readings and is some metres off: less than this is never a jump. */
const toleranceM = 250;
/** How much farther than the reported speed a vehicle may have come between two readings. */
const speedTolerance = 2;
/** Taken where no speed was reported. */
const assumedSpeedKmh = 130;

/** Recorded silence, in epoch milliseconds. */
export interface Gap {
	readonly fromMs: number;
	readonly toMs: number;
}

/** From one position to another that it could not have reached at the reported speed; places are those of the track. */
export interface Jump {
	readonly from: number;
	readonly to: number;
	readonly distanceM: number;
}

export interface Route {
	/** Places in the track that follow each other without gap or jump. */
	readonly runs: readonly (readonly number[])[];
	readonly gaps: readonly Gap[];
	readonly jumps: readonly Jump[];
}

/** What of a track may be drawn as one line: it ends where the device was silent or its position jumped. */
export function routeOf(track: Track, gapMs: number): Route {
	const runs: number[][] = [];
	const jumps: Jump[] = [];
	let run: number[] = [];
	/** Where the present position was first reported: it may be held for many readings. */
	let heldFrom = -1;
	const begin = (place: number) => {
		run = [place];
		runs.push(run);
		heldFrom = place;
	};
	track.atMs.forEach((atMs, place) => {
		if (positionAt(track, place) === null) return;
		const before = run.at(-1);
		if (before === undefined || atMs - (track.atMs[before] ?? atMs) > gapMs) {
			begin(place);
			return;
		}
		const distanceM = distanceBetween(track, heldFrom, place);
		if (distanceM === 0) {
			run.push(place);
		} else if (distanceM > reachM(track, heldFrom, place)) {
			jumps.push({ from: before, to: place, distanceM });
			begin(place);
		} else {
			run.push(place);
			heldFrom = place;
		}
	});
	return { runs, gaps: gapsOf(track.atMs, gapMs), jumps };
}

/** Every silence between two readings that is longer than `gapMs`. */
export function gapsOf(atMs: readonly number[], gapMs: number): Gap[] {
	const gaps: Gap[] = [];
	atMs.forEach((toMs, place) => {
		const fromMs = atMs[place - 1] ?? toMs;
		if (toMs - fromMs > gapMs) gaps.push({ fromMs, toMs });
	});
	return gaps;
}

/** The position reported at a place of the track, if one was. */
export function positionAt(track: Track, place: number): Position | null {
	const lat = track.lat[place] ?? null;
	const lon = track.lon[place] ?? null;
	return lat === null || lon === null ? null : { lat, lon };
}

/** The value at a place of the track, or the last one said before it, unless that is older than `gapMs`. */
export function lastKnown(
	track: Track,
	column: readonly (number | null)[],
	place: number,
	gapMs: number,
): number | null {
	const untilMs = track.atMs[place] ?? 0;
	for (let each = place; each >= 0 && untilMs - (track.atMs[each] ?? 0) <= gapMs; each--) {
		const value = column[each] ?? null;
		if (value !== null) return value;
	}
	return null;
}

function reachM(track: Track, from: number, to: number): number {
	const seconds = ((track.atMs[to] ?? 0) - (track.atMs[from] ?? 0)) / 1000;
	let fastestKmh: number | null = null;
	for (let place = from; place <= to; place++) {
		const speedKmh = track.speedKmh[place] ?? null;
		if (speedKmh !== null) fastestKmh = Math.max(fastestKmh ?? 0, speedKmh);
	}
	return toleranceM + (speedTolerance * (fastestKmh ?? assumedSpeedKmh) * seconds) / 3.6;
}

function distanceBetween(track: Track, from: number, to: number): number {
	const [a, b] = [positionAt(track, from), positionAt(track, to)];
	return a === null || b === null ? 0 : distanceM(a, b);
}

/** Great-circle distance in metres (haversine formula on the mean radius of the earth). */
export function distanceM(a: Position, b: Position): number {
	const radians = (degrees: number) => (degrees * Math.PI) / 180;
	const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
	const chord =
		half(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(a.lon, b.lon);
	return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(chord)));
}
