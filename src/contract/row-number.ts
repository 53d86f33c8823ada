import { z } from 'zod';

/** The most that an `integer` of PostgreSQL holds. */
const mostInteger = 2_147_483_647;

/** Number of a row in a body. */
export const rowNumberSchema = z.int().min(1).max(mostInteger);

/** The same in a query. */
export const rowNumberInQuery = z.coerce.number().int().min(1).max(mostInteger);

/** The same in a path, where nonsense reads 0: the number of no row, so that it is not found. */
export const rowNumberInPath = rowNumberInQuery.catch(0);

/** Number of a row in a path where a table counts in `bigint`. */
export const bigRowNumberInPath = z.coerce.number().int().min(1).catch(0);
