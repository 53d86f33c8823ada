import { countryName } from '#contract/country.ts';
import type { FieldWords } from '#platform/changes-meanwhile.ts';
import type { LocationEdit } from '../contract.ts';

/** How a location's fields are named to whoever edits it at the same time as somebody else. */
export const locationWords: FieldWords<LocationEdit> = {
	city: { label: 'City' },
	district: { label: 'District' },
	state: { label: 'State' },
	country: { label: 'Country', written: countryName },
	zone: { label: 'Zone' },
	lat: { label: 'Latitude', written: (value) => `${value}°` },
	lon: { label: 'Longitude', written: (value) => `${value}°` },
};

const namedCustomers = 3;

/** Why a location cannot be deleted: how many customers are registered there, and some of them. */
export function customersInTheWay(count: number, names: readonly string[]): string {
	const named = names.slice(0, namedCustomers).join(', ');
	const others = count - Math.min(namedCustomers, names.length);
	const who = others > 0 ? `${named} and ${others} more` : named;
	return count === 1
		? `the customer ${who} is registered there`
		: `${count} customers are registered there (${who})`;
}
