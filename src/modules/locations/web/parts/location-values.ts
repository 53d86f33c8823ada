import type { LocationEdit } from '../../contract.ts';

/** A location as a form's fields hold it; numbers are texts while they are typed. */
export interface LocationValues extends Record<string, unknown> {
	city: string;
	district: string;
	state: string;
	country: string;
	zone: string;
	lat: number | string;
	lon: number | string;
}

/** Degrees to five decimals, about a metre. */
export function rounded(degrees: number): number {
	return Math.round(degrees * 1e5) / 1e5;
}

export function valuesOf(location: LocationEdit | undefined): LocationValues {
	return {
		city: location?.city ?? '',
		district: location?.district ?? '',
		state: location?.state ?? '',
		country: location?.country ?? '',
		zone: location?.zone ?? '',
		lat: location?.lat ?? '',
		lon: location?.lon ?? '',
	};
}

/** What the fields say, as the endpoints take it. */
export function editOf({
	city,
	district,
	state,
	country,
	zone,
	lat,
	lon,
}: LocationValues): LocationEdit {
	return {
		city: city.trim(),
		district: district.trim(),
		state: state.trim(),
		country,
		zone: zone.trim() === '' ? null : zone.trim(),
		lat: degrees(lat),
		lon: degrees(lon),
	};
}

/** Not a number where the field is empty. */
export function degrees(value: number | string): number {
	return value === '' ? Number.NaN : Number(value);
}
