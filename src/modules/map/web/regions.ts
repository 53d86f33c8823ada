import type { EndpointReply } from '#contract/endpoint.ts';
import type { StatusCounts } from '#contract/status.ts';
import type { MapCity, MapState, showMapRegions } from '../contract.ts';

export type Region = MapState;

/** One country with its regions, most devices first. */
export interface Branch {
	readonly country: string;
	readonly name: string;
	readonly regions: readonly Region[];
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** The counted tree as the panel shows it: countries, regions and cities by how many devices they have. */
export function branchesOf({ countries }: EndpointReply<typeof showMapRegions>): Branch[] {
	const cityTotal = ({ counts }: MapCity) => sumOf([counts]);
	const regionTotal = ({ cities }: Region) => sumOf(cities.map((city) => city.counts));
	const total = ({ regions }: Branch) =>
		regions.reduce((sum, region) => sum + regionTotal(region), 0);
	return countries
		.map(({ country, states }) => ({
			country,
			name: countryNames.of(country) ?? country,
			regions: states
				.map(({ state, cities }) => ({
					state,
					cities: cities.toSorted((one, other) => cityTotal(other) - cityTotal(one)),
				}))
				.sort((one, other) => regionTotal(other) - regionTotal(one)),
		}))
		.sort((one, other) => total(other) - total(one));
}

export function sumOf(counts: readonly StatusCounts[]): number {
	return counts.reduce(
		(sum, each) => sum + Object.values(each).reduce((part, count) => part + count, 0),
		0,
	);
}

/** Devices that have fallen silent. */
export function needAttention(counts: readonly StatusCounts[]): number {
	return counts.reduce((sum, each) => sum + each.offline + each.not_communicating, 0);
}

/** Whether a region or one of its cities is called so. */
export function fits({ state, cities }: Region, wanted: string): boolean {
	const text = wanted.trim().toLocaleLowerCase();
	return [state, ...cities.map((city) => city.city)].some((name) =>
		name.toLocaleLowerCase().includes(text),
	);
}
