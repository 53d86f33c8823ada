import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useMemo } from 'react';
import { useRegion } from '#web/text/region.tsx';
import type { Track } from '../../contract.ts';
import { type Point, projectionOf } from '../projection.ts';
import { positionAt, type Route } from '../route.ts';
import { text } from '../text.ts';
import { distanceText } from './day-details.tsx';
import classes from './route-view.module.css';

const paddingPx = 34;
/** Farther from the pointer, no point of the route is meant. */
const reachPx = 40;

interface RouteViewProps {
	readonly day: string;
	readonly track: Track;
	readonly route: Route;
	/** Place in the track that is shown now; what lies before it has been travelled. */
	readonly place: number;
	/** The pointer is at a place of the route, or has left it. */
	readonly onPoint: (place: number | null) => void;
}

/** A route to scale, north up. Where the device was silent the line is broken, where its position jumped it is dashed. */
export function RouteView({ day, track, route, place, onPoint }: RouteViewProps) {
	const region = useRegion();
	const { ref, width, height } = useElementSize();
	const drawing = useMemo(() => draw(track, route, width, height), [track, route, width, height]);
	const here = drawing?.at(lastPositioned(track, place)) ?? null;

	function point(event: PointerEvent<SVGSVGElement>) {
		const bounds = event.currentTarget.getBoundingClientRect();
		const pointer = { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
		onPoint(drawing?.nearest(pointer) ?? null);
	}

	return (
		<div ref={ref} className={classes.frame}>
			{drawing === null ? null : (
				<svg
					width={width}
					height={height}
					role="img"
					aria-label={text('routeView', { day, points: region.number(drawing.points) })}
					onPointerMove={point}
					onPointerLeave={() => onPoint(null)}
				>
					{drawing.runs.map((run) => (
						<path key={run.from} d={run.path(Number.POSITIVE_INFINITY)} className={classes.route} />
					))}
					{drawing.jumps.map(({ key, path }) => (
						<path key={key} d={path} className={classes.jump} />
					))}
					{drawing.runs.map((run) =>
						run.from > place ? null : (
							<path key={run.from} d={run.path(place)} className={classes.travelled} />
						),
					)}
					<Mark point={drawing.start} label={text('start')} labelY={18} className={classes.start} />
					<Mark point={drawing.end} label={text('end')} labelY={-9} className={classes.end} />
					{here === null ? null : <circle cx={here.x} cy={here.y} r={7} className={classes.here} />}
				</svg>
			)}
			{drawing === null ? null : (
				<span className={classes.scale} style={{ inlineSize: drawing.scale.widthPx }}>
					{distanceText(drawing.scale.metres, region.number)}
				</span>
			)}
		</div>
	);
}

interface MarkProps {
	readonly point: Point | null;
	readonly label: string;
	/** Below the point or above it: a round trip has both marks in one place. */
	readonly labelY: number;
	readonly className: string | undefined;
}

function Mark({ point, label, labelY, className }: MarkProps) {
	if (point === null) return null;
	return (
		<g className={className} transform={`translate(${point.x} ${point.y})`}>
			<circle r={4.5} />
			<text y={labelY} textAnchor="middle">
				{label}
			</text>
		</g>
	);
}

/** The route in pixels. */
function draw(track: Track, route: Route, width: number, height: number) {
	const places = route.runs.flat();
	const positions = places.flatMap((place) => positionAt(track, place) ?? []);
	const projection = width === 0 ? null : projectionOf(positions, width, height, paddingPx);
	if (projection === null) return null;
	const points = new Map<number, Point>();
	for (const place of places) {
		const position = positionAt(track, place);
		if (position !== null) points.set(place, projection.point(position));
	}
	const at = (place: number | undefined) =>
		place === undefined ? null : (points.get(place) ?? null);
	const pathOf = (run: readonly number[]) => {
		const steps = run.flatMap((place) => {
			const point = points.get(place);
			return point ? [`${point.x.toFixed(1)} ${point.y.toFixed(1)}`] : [];
		});
		// A single position still leaves a dot: the line has round ends.
		return `M${steps.length === 1 ? [...steps, ...steps].join('L') : steps.join('L')}`;
	};
	return {
		at,
		points: places.length,
		scale: projection.scale,
		start: at(places[0]),
		end: at(places.at(-1)),
		runs: route.runs.map((run) => {
			const whole = pathOf(run);
			const last = run.at(-1) ?? 0;
			return {
				from: run[0] ?? 0,
				path: (until: number) =>
					until >= last ? whole : pathOf(run.filter((place) => place <= until)),
			};
		}),
		jumps: route.jumps.map(({ from, to }) => ({ key: to, path: pathOf([from, to]) })),
		nearest(pointer: Point): number | null {
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

/** The place itself, or the last one before it at which the device knew where it was. */
function lastPositioned(track: Track, place: number): number {
	for (let each = place; each > 0; each--) if (positionAt(track, each) !== null) return each;
	return 0;
}
