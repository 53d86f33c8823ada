import { z } from 'zod';
import type { SearchTexts } from '#web/address/search-text.ts';
import { pageSizes } from './arrangement.ts';

/** Everything about a grid that a bookmark keeps. */
export interface GridAddress {
	readonly q: string;
	/** By the names of the endpoint's query; what is not filtered by is not there. */
	readonly filters: SearchTexts;
	readonly sort: string;
	readonly direction: 'asc' | 'desc';
	readonly page: number;
	/** Null leaves it to what the person chose last. */
	readonly pageSize: number | null;
	/** Key of the row whose details are open. */
	readonly row: string | null;
	/** `new`, or the key of the row that is edited. */
	readonly form: string | null;
}

const notFilters = new Set(['q', 'sort', 'direction', 'page', 'pageSize']);
const longestKey = 64;

/**
 * Reads a grid's state from its address. Whatever somebody typed there, the page opens: what the endpoint would not
 * accept reads as its default.
 */
export function readGridAddress(texts: SearchTexts, query: z.ZodObject): GridAddress {
	const accepted = new Map(
		Object.entries(texts).filter(([name, text]) => text !== '' && isAccepted(query, name, text)),
	);
	const filters = [...accepted].filter(([name]) => !notFilters.has(name));
	const defaults = defaultsOf(query);
	const pageSize = Number(accepted.get('pageSize'));
	return {
		q: (accepted.get('q') ?? '').trim(),
		filters: Object.fromEntries(filters),
		sort: accepted.get('sort') ?? defaults.sort,
		direction: directionOf(accepted.get('direction')) ?? defaults.direction,
		page: Number(accepted.get('page') ?? 1),
		pageSize: pageSizes.includes(pageSize) ? pageSize : null,
		row: keyOf(texts.row),
		form: keyOf(texts.form),
	};
}

/** Writes a grid's state; what is as by default stays out of the address. */
export function writeGridAddress(address: GridAddress, query: z.ZodObject): SearchTexts {
	const { q, filters, sort, direction, page, pageSize, row, form } = address;
	const defaults = defaultsOf(query);
	const isDefaultOrder = sort === defaults.sort && direction === defaults.direction;
	return {
		...(q !== '' && { q }),
		...Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== '')),
		...(!isDefaultOrder && { sort, direction }),
		...(page !== 1 && { page: String(page) }),
		...(pageSize !== null && { pageSize: String(pageSize) }),
		...(row !== null && { row }),
		...(form !== null && { form }),
	};
}

/** Search, filters and order as the endpoint's query takes them. */
export function selectionOf({ q, filters, sort, direction }: GridAddress): SearchTexts {
	return { ...(q !== '' && { q }), ...filters, sort, direction };
}

/** Whether search or filters leave rows out. */
export function isFiltered({ q, filters }: GridAddress): boolean {
	return q !== '' || Object.keys(filters).length > 0;
}

/** With one filter set to another value, or taken away by an empty one. */
export function withFilter(filters: SearchTexts, name: string, value: string): SearchTexts {
	const others = Object.entries(filters).filter(([each]) => each !== name);
	return Object.fromEntries(value === '' ? others : [...others, [name, value]]);
}

function isAccepted(query: z.ZodObject, name: string, text: string): boolean {
	const schema = query.shape[name];
	return schema !== undefined && z.safeParse(schema, text).success;
}

function directionOf(text: unknown): 'asc' | 'desc' | undefined {
	return text === 'asc' || text === 'desc' ? text : undefined;
}

function keyOf(text: string | undefined): string | null {
	return text === undefined || text === '' || text.length > longestKey ? null : text;
}

function defaultsOf(query: z.ZodObject): Pick<GridAddress, 'sort' | 'direction'> {
	const { sort, direction } = query.parse({});
	return {
		sort: String(sort),
		direction: directionOf(direction) ?? 'asc',
	};
}
