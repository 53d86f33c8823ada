import type { EndpointReply } from '#contract/endpoint.ts';
import type { StatusCounts } from '#contract/status.ts';
import type { Location } from '#modules/locations/server/index.ts';
import type { MapCity, MapState, showMapRegions } from '../contract.ts';
import type { LocationCount } from './fleet-locations.ts';

/** Puts counted locations into the tree of country, state and city; locations without devices are left out. */
export function regionsOf(
	locations: ReadonlyMap<number, Location>,
	counted: readonly LocationCount[],
): EndpointReply<typeof showMapRegions> {
	const byLocation = new Map(counted.map(({ locationNo, counts }) => [locationNo, counts]));
	const countries = new Map<string, Map<string, MapCity[]>>();
	for (const { locationNo, city, state, country, lat, lon } of locations.values()) {
		const counts = byLocation.get(locationNo);
		if (counts === undefined) continue;
		byLocation.delete(locationNo);
		const states = countries.get(country) ?? new Map<string, MapCity[]>();
		countries.set(country, states);
		const cities = states.get(state) ?? [];
		states.set(state, cities);
		cities.push({ locationNo, city, lat, lon, counts: namedCounts(counts) });
	}
	// Without any location, or in one that was removed since the count.
	const elsewhere = new Int32Array(6);
	for (const counts of byLocation.values())
		counts.forEach((count, status) => {
			elsewhere[status]! += count;
		});
	return {
		countries: [...countries].map(([country, states]) => ({
			country,
			states: [...states].map(([state, cities]): MapState => ({ state, cities })),
		})),
		elsewhere: namedCounts(elsewhere),
	};
}

function namedCounts(counts: Int32Array): StatusCounts {
	return {
		moving: counts[0]!,
		stopped: counts[1]!,
		ignition_off: counts[2]!,
		charging: counts[3]!,
		offline: counts[4]!,
		not_communicating: counts[5]!,
	};
}
