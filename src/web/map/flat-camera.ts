import {
	latitudeOf,
	longitudeOf,
	mercatorSteps,
	mercatorX,
	mercatorY,
} from '#contract/mercator.ts';

/** Degrees. */
export interface Position {
	readonly lat: number;
	readonly lon: number;
}

/** A place on a drawing, in pixels from its upper left corner. */
export interface Point {
	readonly x: number;
	readonly y: number;
}

export interface Size {
	readonly widthPx: number;
	readonly heightPx: number;
}

/** Where a flat map, north up, looks; zoom as MapLibre counts it, with a world of 512 px at zoom 0. */
export interface FlatCamera extends Position {
	readonly zoom: number;
}

/** A round length, for a scale. */
export interface ScaleBar {
	readonly metres: number;
	readonly widthPx: number;
}

const worldPx = 512;
const earthCircumferenceM = 40_075_016.7;
/** Closer than this a route would be drawn as noise of the receiver. */
const closestFitZoom = 16;
const scaleFactors = [1, 2, 5];
const widestScalePx = 120;

/** The camera that sees all positions with so much room around them; null without positions. */
export function cameraOver(
	positions: readonly Position[],
	{ widthPx, heightPx }: Size,
	paddingPx: number,
): FlatCamera | null {
	const [first] = positions;
	if (first === undefined) return null;
	const [originX, originY] = [mercatorX(first.lon), mercatorY(first.lat)];
	const box = { left: 0, right: 0, top: 0, bottom: 0 };
	for (const { lat, lon } of positions) {
		// From the first position the shorter way round the world: the antimeridian is no edge.
		const x = eastward(originX, mercatorX(lon));
		const y = mercatorY(lat) - originY;
		box.left = Math.min(box.left, x);
		box.right = Math.max(box.right, x);
		box.top = Math.min(box.top, y);
		box.bottom = Math.max(box.bottom, y);
	}
	const stepsPerPx = Math.max(
		(box.right - box.left) / Math.max(1, widthPx - 2 * paddingPx),
		(box.bottom - box.top) / Math.max(1, heightPx - 2 * paddingPx),
		1,
	);
	const middleX = originX + (box.left + box.right) / 2;
	return {
		lon: longitudeOf(((middleX % mercatorSteps) + mercatorSteps) % mercatorSteps),
		lat: latitudeOf(originY + (box.top + box.bottom) / 2),
		zoom: Math.min(closestFitZoom, Math.log2(mercatorSteps / worldPx / stepsPerPx)),
	};
}

/** Where the camera sees a position, on a drawing of this size. */
export function projectionOf(
	camera: FlatCamera,
	{ widthPx, heightPx }: Size,
): (position: Position) => Point {
	const pxPerStep = (worldPx * 2 ** camera.zoom) / mercatorSteps;
	const [centerX, centerY] = [mercatorX(camera.lon), mercatorY(camera.lat)];
	return ({ lat, lon }) => ({
		x: widthPx / 2 + eastward(centerX, mercatorX(lon)) * pxPerStep,
		y: heightPx / 2 + (mercatorY(lat) - centerY) * pxPerStep,
	});
}

/** The position that the camera sees at a point of a drawing of this size: the reverse of {@link projectionOf}. */
export function positionUnder(
	{ x, y }: Point,
	camera: FlatCamera,
	{ widthPx, heightPx }: Size,
): Position {
	const pxPerStep = (worldPx * 2 ** camera.zoom) / mercatorSteps;
	const stepX = mercatorX(camera.lon) + (x - widthPx / 2) / pxPerStep;
	const stepY = mercatorY(camera.lat) + (y - heightPx / 2) / pxPerStep;
	return {
		lon: longitudeOf(((stepX % mercatorSteps) + mercatorSteps) % mercatorSteps),
		lat: latitudeOf(Math.max(0, Math.min(mercatorSteps - 1, stepY))),
	};
}

/** The largest of 1, 2, 5, 10, 20 … metres that is narrow enough, at the camera's latitude. */
export function scaleBarOf({ lat, zoom }: FlatCamera): ScaleBar {
	const metresPerPx =
		(earthCircumferenceM * Math.cos((lat * Math.PI) / 180)) / (worldPx * 2 ** zoom);
	const mostM = widestScalePx * metresPerPx;
	const power = 10 ** Math.floor(Math.log10(mostM));
	const factor = scaleFactors.findLast((each) => each * power <= mostM) ?? 1;
	return { metres: factor * power, widthPx: (factor * power) / metresPerPx };
}

/** Steps eastward, the shorter way round the world; negative for west. */
function eastward(from: number, to: number): number {
	const steps = to - from;
	return steps - Math.round(steps / mercatorSteps) * mercatorSteps;
}
