import { type RawBuilder, sql } from 'kysely';

/**
 * An instant of a query in epoch milliseconds, with what the database knows of microseconds as decimals.
 * @param instant a column, or what yields one
 */
export function epochMs<Ms extends number | null = number>(
	instant: string | RawBuilder<unknown>,
): RawBuilder<Ms> {
	const value = typeof instant === 'string' ? sql.ref(instant) : instant;
	return sql`(extract(epoch from ${value}) * 1000)::float8`;
}
