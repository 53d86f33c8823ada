/**
 * Web Mercator (EPSG:3857) as whole numbers: 0..1 from west to east and from north to south, scaled to 2^32. A step is
 * 9 mm at the equator.
 */
export const mercatorSteps = 2 ** 32;

/** Web Mercator ends here, so that the world is a square. */
export const maxLatitude = 85.051129;

export function mercatorX(lon: number): number {
	return Math.min(mercatorSteps - 1, Math.floor(((lon + 180) / 360) * mercatorSteps));
}

export function mercatorY(lat: number): number {
	const radians = (Math.max(-maxLatitude, Math.min(maxLatitude, lat)) * Math.PI) / 180;
	const y = 0.5 - Math.asinh(Math.tan(radians)) / (2 * Math.PI);
	return Math.max(0, Math.min(mercatorSteps - 1, Math.floor(y * mercatorSteps)));
}

export function longitudeOf(x: number): number {
	return (x / mercatorSteps) * 360 - 180;
}

export function latitudeOf(y: number): number {
	return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / mercatorSteps))) * 180) / Math.PI;
}
