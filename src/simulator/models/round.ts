/** Rounds to a number of decimal places, as a device prints what it measured. */
export function round(value: number, places: number): number {
	const factor = 10 ** places;
	return Math.round(value * factor) / factor;
}
