import { z } from 'zod';
import { deviceFamilySchema } from '#contract/family.ts';
import { type Status, statuses } from '#contract/status.ts';
import type { SearchTexts } from '#web/address/search-text.ts';
import { fleetSorts } from '../contract.ts';

export const pageSizes: readonly number[] = [30, 50, 100];

/** Whatever somebody typed into the address, the console opens: what makes no sense reads as its default. */
const addressSchema = z.object({
	q: z.string().trim().max(100).catch(''),
	status: z
		.string()
		.catch('')
		.transform((text): readonly Status[] => {
			const named = new Set(text.split(','));
			return statuses.filter((status) => named.has(status));
		}),
	family: deviceFamilySchema.nullable().catch(null),
	sort: z.enum(fleetSorts).catch('last_heard'),
	direction: z.enum(['asc', 'desc']).catch('desc'),
	page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
	pageSize: z.coerce
		.number()
		.refine((size) => pageSizes.some((offered) => offered === size))
		.catch(30),
	row: z.string().max(64).nullable().catch(null),
});

/** Everything about the console that a bookmark keeps. `row` is the Device ID of the open detail panel. */
export type ConsoleAddress = Readonly<z.output<typeof addressSchema>>;

const defaults: ConsoleAddress = addressSchema.parse({});

/** Reads the console's state from its address. */
export function readConsoleAddress(texts: SearchTexts): ConsoleAddress {
	return addressSchema.parse(texts);
}

/** Writes the console's state; what is as by default stays out of the address. */
export function writeConsoleAddress(address: ConsoleAddress): SearchTexts {
	const { q, status, family, sort, direction, page, pageSize, row } = address;
	return {
		...(q !== '' && { q }),
		...(status.length > 0 && { status: status.join(',') }),
		...(family !== null && { family }),
		...((sort !== defaults.sort || direction !== defaults.direction) && { sort, direction }),
		...(page !== 1 && { page: String(page) }),
		...(pageSize !== defaults.pageSize && { pageSize: String(pageSize) }),
		...(row !== null && { row }),
	};
}

/** Whether search or filters leave devices out. */
export function isFiltered({ q, status, family }: ConsoleAddress): boolean {
	return q !== '' || status.length > 0 || family !== null;
}

/** Whether the counts of the statuses are those of everything the reader may see. */
export function countsWholeScope({ q, family }: ConsoleAddress): boolean {
	return q === '' && family === null;
}

export const withoutFilters: Partial<ConsoleAddress> = {
	q: '',
	status: [],
	family: null,
	page: 1,
};
