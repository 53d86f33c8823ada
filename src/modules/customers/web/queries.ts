import { listLocationOptions } from '#modules/locations/contract.ts';
import { call } from '#web/api/call.ts';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import {
	type LocationOption,
	listCustomerFilters,
	listCustomerOptions,
	listDealerFilters,
	listDealerOptions,
} from '../contract.ts';

export async function cityOptions(q: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { cities } = await call(listCustomerFilters, { query: { q } }, signal);
	return cities.map((city) => ({ value: city, label: city }));
}

export async function usedLocationOptions(q: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { locations } = await call(listCustomerFilters, { query: { q } }, signal);
	return locations.map(asOption);
}

export async function locationOptions(q: string, signal: AbortSignal) {
	const { locations } = await call(listLocationOptions, { query: { q } }, signal);
	return locations.map((location) => ({ ...location, ...asOption(location) }));
}

function asOption({ locationNo, city, state }: LocationOption): FilterOption {
	return { value: String(locationNo), label: `${city}, ${state}` };
}

export async function dealerOptions(q: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { dealers } = await call(listDealerOptions, { query: { q } }, signal);
	return dealers.map(({ dealerNo, name }) => ({ value: String(dealerNo), label: name }));
}

export async function dealerCityOptions(q: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { cities } = await call(listDealerFilters, { query: { q } }, signal);
	return cities.map((city) => ({ value: city, label: city }));
}

/** Other customers of exactly this name, among the first that the name finds. */
export async function readNamesakes(name: string, customerNo: number | null, signal: AbortSignal) {
	const { customers } = await call(
		listCustomerOptions,
		{ query: { q: name.slice(0, 100) } },
		signal,
	);
	const wanted = name.toLowerCase();
	return customers.filter(
		(each) => each.customerNo !== customerNo && each.name.toLowerCase() === wanted,
	);
}
