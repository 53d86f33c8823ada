import type { Point, Position } from '#web/map/flat-camera.ts';
import type { Track } from '../contract.ts';
import { positionAt, type Route } from './route.ts';

/** Lower ends of the speeds that have a colour of their own, km/h. */
export const speedBandsKmh = [0, 20, 40, 60] as const;

/** A line of the drawing as an SVG path, in the colour of its speed; null where no speed was reported. */
export interface SpeedLine {
	readonly band: number | null;
	readonly path: string;
}

export interface RouteDrawing {
	readonly lines: readonly SpeedLine[];
	readonly jumps: readonly { readonly key: number; readonly path: string }[];
	readonly start: Point | null;
	readonly end: Point | null;
	/** Where the device was last known to be at a place of the track. */
	at(place: number): Point | null;
	/** Which way it came there, degrees clockwise from north; null while it stood in one place. */
	headingAt(place: number): number | null;
	/** The place of the route nearest to a point, if one is within reach. */
	nearest(point: Point, reachPx: number): number | null;
}

/** A route in pixels. */
export function drawRoute(
	track: Track,
	route: Route,
	project: (position: Position) => Point,
): RouteDrawing {
	const points = new Map<number, Point>();
	for (const place of route.runs.flat()) {
		const position = positionAt(track, place);
		if (position !== null) points.set(place, project(position));
	}
	const places = [...points.keys()];
	const at = (place: number) => points.get(lastPositioned(track, place)) ?? null;
	const pathOf = (from: number, to: number) => {
		const [start, end] = [points.get(from), points.get(to)];
		return start && end ? `M${write(start)}L${write(end)}` : '';
	};
	return {
		lines: linesOf(track, route, points),
		jumps: route.jumps.map(({ from, to }) => ({ key: to, path: pathOf(from, to) })),
		start: at(places[0] ?? 0),
		end: at(places.at(-1) ?? 0),
		at,
		headingAt(place) {
			const known = lastPositioned(track, place);
			const run = route.runs.find((each) => each.includes(known)) ?? [];
			const here = points.get(known);
			if (here === undefined) return null;
			const isElsewhere = (each: number) => {
				const point = points.get(each);
				return point !== undefined && Math.hypot(point.x - here.x, point.y - here.y) > 0;
			};
			const before = run.findLast((each) => each < known && isElsewhere(each));
			if (before !== undefined) return bearing(points.get(before), here);
			return bearing(here, points.get(run.find((each) => each > known && isElsewhere(each)) ?? -1));
		},
		nearest(pointer, reachPx) {
			let nearest: number | null = null;
			let leastPx = reachPx;
			for (const [place, point] of points) {
				const awayPx = Math.hypot(point.x - pointer.x, point.y - pointer.y);
				if (awayPx >= leastPx) continue;
				leastPx = awayPx;
				nearest = place;
			}
			return nearest;
		},
	};
}

/** The band of a speed. */
export function speedBand(speedKmh: number | null): number | null {
	return speedKmh === null
		? null
		: Math.max(
				0,
				speedBandsKmh.findLastIndex((from) => from <= speedKmh),
			);
}

/** One path for each band: each step of a run has the colour of the speed that was reported at its end. */
function linesOf(track: Track, route: Route, points: ReadonlyMap<number, Point>): SpeedLine[] {
	const paths = new Map<number | null, string>();
	for (const run of route.runs) {
		let drawn: number | null | undefined;
		run.forEach((place, index) => {
			const point = points.get(place);
			// A single position still leaves a dot: the line has round ends.
			const from = points.get(run[index - 1] ?? (run.length === 1 ? place : -1));
			if (point === undefined || from === undefined) return;
			const band = speedBand(track.speedKmh[place] ?? null);
			const step = drawn === band ? `L${write(point)}` : `M${write(from)}L${write(point)}`;
			paths.set(band, (paths.get(band) ?? '') + step);
			drawn = band;
		});
	}
	return [...paths].map(([band, path]) => ({ band, path }));
}

/** The place itself, or the last one before it at which the device knew where it was; else the first such place. */
function lastPositioned(track: Track, place: number): number {
	for (let each = place; each >= 0; each--) if (positionAt(track, each) !== null) return each;
	return track.lat.findIndex((lat) => lat !== null);
}

function bearing(from: Point | undefined, to: Point | undefined): number | null {
	if (from === undefined || to === undefined) return null;
	return ((Math.atan2(to.x - from.x, from.y - to.y) * 180) / Math.PI + 360) % 360;
}

function write({ x, y }: Point): string {
	return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
