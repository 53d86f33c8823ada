import { useRegion } from '#web/text/region.tsx';
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

export function Count({ value }: CellProps) {
	return <>{useRegion().number(value)}</>;
}

/** Latitude and longitude as they are pasted elsewhere. */
export function coordinatesText({ lat, lon }: { readonly lat: number; readonly lon: number }) {
	return `${lat.toFixed(decimals)}, ${lon.toFixed(decimals)}`;
}
