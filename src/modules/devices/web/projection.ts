import { distanceM, type Position } from './route.ts';

/** A place on the drawing, in pixels from its upper left corner. */
export interface Point {
	readonly x: number;
	readonly y: number;
}

export interface Projection {
	point(position: Position): Point;
	/** A round length, for a scale. */
	readonly scale: { readonly metres: number; readonly widthPx: number };
}

/** Narrower than this a route would be drawn as noise of the receiver. */
const leastSpan = 3e-6;
const scaleSteps = [1, 2, 5];
const widestScalePx = 120;

/** Web Mercator (EPSG:3857) of positions, fitted into a drawing; null without positions. */
export function projectionOf(
	positions: readonly Position[],
	widthPx: number,
	heightPx: number,
	paddingPx: number,
): Projection | null {
	if (positions.length === 0) return null;
	const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
	for (const position of positions) {
		const { x, y } = mercator(position);
		box.left = Math.min(box.left, x);
		box.right = Math.max(box.right, x);
		box.top = Math.min(box.top, y);
		box.bottom = Math.max(box.bottom, y);
	}
	const factor = Math.min(
		(widthPx - 2 * paddingPx) / Math.max(box.right - box.left, leastSpan),
		(heightPx - 2 * paddingPx) / Math.max(box.bottom - box.top, leastSpan),
	);
	const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
	const centre = degrees(middle);
	const metresPerPx =
		distanceM(centre, degrees({ x: middle.x + 1e-6, y: middle.y })) / (1e-6 * factor);
	return {
		point(position) {
			const { x, y } = mercator(position);
			return {
				x: widthPx / 2 + (x - middle.x) * factor,
				y: heightPx / 2 + (y - middle.y) * factor,
			};
		},
		scale: scaleOf(metresPerPx),
	};
}

/** The largest of 1, 2, 5, 10, 20 … metres that is narrow enough. */
function scaleOf(metresPerPx: number): { readonly metres: number; readonly widthPx: number } {
	const mostM = widestScalePx * metresPerPx;
	const power = 10 ** Math.floor(Math.log10(mostM));
	const step = scaleSteps.findLast((each) => each * power <= mostM) ?? 1;
	return { metres: step * power, widthPx: (step * power) / metresPerPx };
}

/** 0 to 1 from west to east and from north to south. */
function mercator({ lat, lon }: Position): Point {
	const sine = Math.sin((lat * Math.PI) / 180);
	return {
		x: lon / 360 + 0.5,
		y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI),
	};
}

function degrees({ x, y }: Point): Position {
	return {
		lon: (x - 0.5) * 360,
		lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
	};
}
