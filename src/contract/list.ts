import { z } from 'zod';

/** What every list is asked besides its filters and its order. */
export const listShape = {
	q: z.string().trim().max(100).default(''),
	page: z.coerce.number().int().min(1).max(1_000_000).default(1),
	pageSize: z.coerce.number().int().min(1).max(100).default(30),
};

export const directionSchema = z.enum(['asc', 'desc']);

/** More rows than this are counted as "10,000+". */
export const countLimit = 10_000;

/** How many rows a list has. */
export interface ListCount {
	readonly total: number;
	/** False when nobody counted further: read `total` as "at least". */
	readonly totalIsExact: boolean;
}

/** One page of a list. */
export function listPageSchema<Row extends z.ZodType>(row: Row) {
	return z.object({ rows: z.array(row), total: z.int(), totalIsExact: z.boolean() });
}
