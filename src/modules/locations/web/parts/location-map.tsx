import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useMemo, useState } from 'react';
import { EmbeddedMap } from '#web/map/embedded-map.tsx';
import {
	type FlatCamera,
	type Point,
	type Position,
	positionUnder,
	projectionOf,
	type Size,
} from '#web/map/flat-camera.ts';
import { useRegion } from '#web/text/region.tsx';
import { text } from '../text.ts';
import classes from './location-map.module.css';

const cityZoom = 8.5;
const world: FlatCamera = { lat: 20, lon: 0, zoom: 0 };

interface LocationMapProps {
	/** Null when nobody said yet where it is. */
	readonly position: Position | null;
	readonly city: string;
	/** Somebody pressed the map there, or dragged the point there; without it the map only shows. */
	readonly onMove?: (position: Position) => void;
}

/** Where a location is, on a small map. */
export function LocationMap({ position, city, onMove }: LocationMapProps) {
	const region = useRegion();
	const { ref, width: widthPx, height: heightPx } = useElementSize();
	const size = useMemo(() => ({ widthPx, heightPx }), [widthPx, heightPx]);
	const lat = position?.lat ?? null;
	const lon = position?.lon ?? null;
	const home = useMemo(
		() => (lat === null || lon === null ? world : { lat, lon, zoom: cityZoom }),
		[lat, lon],
	);
	const distance = (metres: number) =>
		metres < 1000
			? text('metres', { value: region.number(metres) })
			: text('kilometres', { value: region.number(metres / 1000) });
	return (
		<div ref={ref} className={classes.frame} data-editable={onMove && true}>
			{widthPx === 0 ? null : (
				<EmbeddedMap
					home={home}
					label={position === null ? text('mapWithout') : text('mapOf', { city })}
					homeLabel={text('homeLabel')}
					writeDistance={distance}
					onPoint={() => {}}
					onPress={(point, camera) => onMove?.(positionUnder(point, camera, size))}
				>
					{(camera) =>
						position === null ? null : (
							<Pin {...{ position, city, camera, size }} {...(onMove && { onMove })} />
						)
					}
				</EmbeddedMap>
			)}
		</div>
	);
}

interface PinProps {
	readonly position: Position;
	readonly city: string;
	readonly camera: FlatCamera;
	readonly size: Size;
	readonly onMove?: (position: Position) => void;
}

/** The point itself; while it is dragged the map stays. */
function Pin({ position, city, camera, size, onMove }: PinProps) {
	const [dragged, setDragged] = useState<Point | null>(null);
	const { x, y } = dragged ?? projectionOf(camera, size)(position);

	function pointOf({ currentTarget, clientX, clientY }: PointerEvent<SVGGElement>): Point | null {
		const box = currentTarget.ownerSVGElement?.getBoundingClientRect();
		return box === undefined ? null : { x: clientX - box.left, y: clientY - box.top };
	}

	return (
		<svg className={classes.drawing} role="img" aria-label={text('pointOf', { city })}>
			{/* biome-ignore lint/a11y/noStaticElementInteractions: the fields beside the map take the same by keys */}
			<g
				className={classes.pin}
				data-draggable={onMove && true}
				transform={`translate(${x} ${y})`}
				onClick={(event) => event.stopPropagation()}
				onPointerDown={(event) => {
					if (onMove === undefined) return;
					event.currentTarget.setPointerCapture(event.pointerId);
					setDragged(pointOf(event));
				}}
				onPointerMove={(event) => {
					if (dragged !== null) setDragged(pointOf(event));
				}}
				onPointerUp={() => {
					if (dragged !== null) onMove?.(positionUnder(dragged, camera, size));
					setDragged(null);
				}}
				onPointerCancel={() => setDragged(null)}
			>
				<circle r={16} className={classes.reach} />
				<path
					d="M0 0C-3 -8 -9 -11 -9 -18a9 9 0 1 1 18 0C9 -11 3 -8 0 0Z"
					className={classes.body}
				/>
				<circle cy={-18} r={3.4} className={classes.eye} />
			</g>
		</svg>
	);
}
