import { text } from '../text.ts';

interface CellProps {
	readonly value: number;
}

/** Degrees to five decimals, about a metre. */
const decimals = 5;

/** Data are written left to right in every language. */
export function Degrees({ value }: CellProps) {
	return <bdi dir="ltr">{text('degrees', { value: value.toFixed(decimals) })}</bdi>;
}

/** Latitude and longitude as they are pasted elsewhere. */
export function coordinatesText({ lat, lon }: { readonly lat: number; readonly lon: number }) {
	return `${lat.toFixed(decimals)}, ${lon.toFixed(decimals)}`;
}
