import { type MouseEvent, type ReactNode, useRef } from 'react';
import { Attribution } from './attribution.tsx';
import classes from './embedded-map.module.css';
import { type FlatCamera, type Point, scaleBarOf } from './flat-camera.ts';
import { MapControls } from './map-controls.tsx';
import { useBasemap } from './use-basemap.ts';

interface EmbeddedMapProps {
	/** Where it looks until somebody moves it. */
	readonly home: FlatCamera;
	/** What a screen reader calls the map. */
	readonly label: string;
	/** What the button says that goes back to `home`. */
	readonly homeLabel: string;
	readonly writeDistance: (metres: number) => string;
	/** What is drawn above, as the camera sees it. */
	readonly children: (camera: FlatCamera) => ReactNode;
	/** The pointer is at a point of the drawing, or has left it. */
	readonly onPoint: (point: Point | null, camera: FlatCamera) => void;
	/** Somebody clicked or tapped there. */
	readonly onPress: (point: Point, camera: FlatCamera) => void;
}

/**
 * A basemap as a part of a page, filling its parent, with a drawing above. Without WebGL 2, and until the map's code is
 * here, the drawing stands alone, to scale.
 */
export function EmbeddedMap(props: EmbeddedMapProps) {
	const container = useRef<HTMLDivElement>(null);
	const { camera, isThere, zoomBy, goHome } = useBasemap(container, props.home, props.label);
	const scale = scaleBarOf(camera);
	return (
		<div className={classes.frame}>
			{/* biome-ignore lint/a11y/noStaticElementInteractions: what can be pointed at here can be reached by keys elsewhere on the page */}
			{/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
			<div
				className={classes.pointed}
				onPointerMove={(event) => props.onPoint(pointOf(event), camera)}
				onPointerLeave={() => props.onPoint(null, camera)}
				onClick={(event) => props.onPress(pointOf(event), camera)}
			>
				<div ref={container} className={classes.map} data-ready={isThere || undefined} />
				<div className={classes.drawing}>{props.children(camera)}</div>
			</div>
			<span className={classes.scale} style={{ inlineSize: scale.widthPx }}>
				{props.writeDistance(scale.metres)}
			</span>
			{isThere ? (
				<div className={classes.corner}>
					<MapControls onZoom={zoomBy} onFit={goHome} fitLabel={props.homeLabel} />
					<Attribution />
				</div>
			) : null}
		</div>
	);
}

function pointOf({ currentTarget, clientX, clientY }: MouseEvent<HTMLElement>): Point {
	const { left, top } = currentTarget.getBoundingClientRect();
	return { x: clientX - left, y: clientY - top };
}
