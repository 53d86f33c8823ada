import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { EmbeddedMap } from '#web/map/embedded-map.tsx';
import {
	cameraOver,
	type FlatCamera,
	type Point,
	projectionOf,
	type Size,
} from '#web/map/flat-camera.ts';
import { useRegion } from '#web/text/region.tsx';
import type { Track } from '../../contract.ts';
import { positionAt, type Route } from '../route.ts';
import { drawRoute } from '../route-drawing.ts';
import { text } from '../text.ts';
import { distanceText } from './day-details.tsx';
import { RouteBubble } from './route-bubble.tsx';
import classes from './route-view.module.css';
import { SpeedLegend } from './speed-legend.tsx';

const paddingPx = 44;
const standing = 'M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z';
/** An arrow that points north. */
const moving = 'M0 -12L9 10L0 5L-9 10Z';
/** Farther from the pointer, no point of the route is meant. */
const reachPx = 40;

interface RouteViewProps {
	readonly day: string;
	readonly track: Track;
	readonly route: Route;
	/** Silence longer than this is a gap. */
	readonly gapMs: number;
	/** Place in the track at which the device is shown. */
	readonly place: number;
	readonly pointedAt: number | null;
	/** The pointer is at a place of the route, or has left it. */
	readonly onPoint: (place: number | null) => void;
	readonly onChoose: (place: number) => void;
}

/** A route on the map. Where the device was silent the line is broken, where its position jumped it is dashed. */
export function RouteView(props: RouteViewProps) {
	const { day, track, route, onPoint, onChoose } = props;
	const region = useRegion();
	const { ref, width: widthPx, height: heightPx } = useElementSize();
	const positions = useMemo(
		() => route.runs.flat().flatMap((place) => positionAt(track, place) ?? []),
		[track, route],
	);
	const size = useMemo(() => ({ widthPx, heightPx }), [widthPx, heightPx]);
	const home = useMemo(
		() => (size.widthPx === 0 ? null : cameraOver(positions, size, paddingPx)),
		[positions, size],
	);
	const name = text('routeView', { day, points: region.number(positions.length) });
	const placeAt = (point: Point, camera: FlatCamera) =>
		drawRoute(track, route, projectionOf(camera, size)).nearest(point, reachPx);

	return (
		<div>
			<div ref={ref} className={classes.frame}>
				{home === null ? null : (
					<EmbeddedMap
						home={home}
						label={text('routeMap', { day })}
						homeLabel={text('wholeRoute')}
						writeDistance={(metres) => distanceText(metres, region.number)}
						onPoint={(point, camera) => onPoint(point === null ? null : placeAt(point, camera))}
						onPress={(point, camera) => {
							const place = placeAt(point, camera);
							if (place !== null) onChoose(place);
						}}
					>
						{(camera) => <DrawnRoute {...props} name={name} camera={camera} size={size} />}
					</EmbeddedMap>
				)}
			</div>
			<SpeedLegend speedsKmh={track.speedKmh} />
		</div>
	);
}

interface DrawnRouteProps extends RouteViewProps {
	readonly name: string;
	readonly camera: FlatCamera;
	readonly size: Size;
}

function DrawnRoute(props: DrawnRouteProps) {
	const { track, route, camera, size, place, pointedAt } = props;
	const drawing = useMemo(
		() => drawRoute(track, route, projectionOf(camera, size)),
		[track, route, camera, size],
	);
	const here = drawing.at(place);
	const heading = drawing.headingAt(place);
	const pointed = pointedAt === null ? null : drawing.at(pointedAt);
	return (
		<>
			<svg className={classes.drawing} role="img" aria-label={props.name}>
				{drawing.lines.map(({ band, path }) => (
					<path key={band} d={path} className={classes.casing} />
				))}
				{drawing.jumps.map(({ key, path }) => (
					<path key={key} d={path} className={classes.jump} />
				))}
				{drawing.lines.map(({ band, path }) => (
					<path key={band} d={path} className={classes.line} data-band={band ?? undefined} />
				))}
				<Mark point={drawing.start} label={text('start')} labelY={20} />
				<Mark point={drawing.end} label={text('end')} labelY={-11} isEnd />
				{here === null ? null : (
					<path
						d={heading === null ? standing : moving}
						className={classes.here}
						transform={`translate(${here.x} ${here.y}) rotate(${heading ?? 0})`}
						data-heading={heading === null ? undefined : Math.round(heading)}
					/>
				)}
			</svg>
			{pointed === null || pointedAt === null ? null : (
				<RouteBubble {...props} point={pointed} place={pointedAt} />
			)}
		</>
	);
}

interface MarkProps {
	readonly point: Point | null;
	readonly label: string;
	/** Below the point or above it: a round trip has both marks in one place. */
	readonly labelY: number;
	readonly isEnd?: boolean;
}

function Mark({ point, label, labelY, isEnd }: MarkProps) {
	if (point === null) return null;
	return (
		<g className={classes.mark} data-filled={isEnd} transform={`translate(${point.x} ${point.y})`}>
			<circle r={5} />
			<text y={labelY} textAnchor="middle">
				{label}
			</text>
		</g>
	);
}
