import {
	latitudeOf,
	longitudeOf,
	mercatorSteps,
	mercatorX,
	mercatorY,
} from '#contract/mercator.ts';
import type { Bounds } from '../fleet/bounds.ts';
import { eastward } from '../fleet/clusters.ts';

/** Where the map looks, in steps of `src/contract/mercator.ts`. */
export interface Camera {
	readonly centerX: number;
	readonly centerY: number;
	readonly zoom: number;
	readonly widthPx: number;
	readonly heightPx: number;
}

/** Parts of the map that panels cover, px. */
export interface Covered {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

const worldTilePx = 512;
const fitMarginPx = 48;
const closestFitZoom = 13;

export function stepsPerPx(zoom: number): number {
	return mercatorSteps / (worldTilePx * 2 ** zoom);
}

/** Where a place is on the screen, px from the map's top left; of a world that repeats, the nearest copy. */
export function project(camera: Camera, x: number, y: number): { x: number; y: number } {
	const steps = stepsPerPx(camera.zoom);
	return {
		x: camera.widthPx / 2 + eastward(camera.centerX, x) / steps,
		y: camera.heightPx / 2 + (y - camera.centerY) / steps,
	};
}

/** Degrees and zoom at which a box fills what no panel covers. */
export function cameraFor(
	bounds: Bounds,
	{ widthPx, heightPx }: Pick<Camera, 'widthPx' | 'heightPx'>,
	covered: Covered,
): { center: [lon: number, lat: number]; zoom: number } {
	const freeWidth = Math.max(120, widthPx - covered.left - covered.right - 2 * fitMarginPx);
	const freeHeight = Math.max(120, heightPx - covered.top - covered.bottom - 2 * fitMarginPx);
	const steps = Math.max(bounds.width / freeWidth, bounds.height / freeHeight, 1);
	const zoom = Math.min(closestFitZoom, Math.log2(mercatorSteps / steps / worldTilePx));
	return {
		center: besidePanels(
			bounds.west + bounds.width / 2,
			bounds.north + bounds.height / 2,
			zoom,
			covered,
		),
		zoom,
	};
}

/** The map's centre for which a place lies in the middle of what no panel covers. */
export function centerFor(
	{ lon, lat }: { readonly lon: number; readonly lat: number },
	zoom: number,
	covered: Covered,
): [lon: number, lat: number] {
	return besidePanels(mercatorX(lon), mercatorY(lat), zoom, covered);
}

function besidePanels(
	x: number,
	y: number,
	zoom: number,
	covered: Covered,
): [lon: number, lat: number] {
	const steps = stepsPerPx(zoom);
	const centerX = x - ((covered.left - covered.right) / 2) * steps;
	const centerY = y - ((covered.top - covered.bottom) / 2) * steps;
	return [
		longitudeOf(((centerX % mercatorSteps) + mercatorSteps) % mercatorSteps),
		latitudeOf(Math.max(0, Math.min(mercatorSteps - 1, centerY))),
	];
}
