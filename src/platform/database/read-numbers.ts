import { type RawBuilder, sql } from 'kysely';
import type { Database } from './connect.ts';

/**
 * The column `number` of a query, as one text on the way: ten thousand rows would cost the server several times as much.
 * @param order by what of the query's columns; left out: in no particular order
 */
export async function readNumbers(
	database: Database,
	select: RawBuilder<unknown>,
	order: RawBuilder<unknown> | null = null,
): Promise<Int32Array> {
	const { rows } = await sql<{ numbers: string | null }>`
		select string_agg(number::text, ',' ${order === null ? sql`` : sql`order by ${order}`}) as numbers
		from (${select}) as selected`.execute(database);
	const numbers = rows[0]?.numbers ?? null;
	return numbers === null ? new Int32Array(0) : Int32Array.from(numbers.split(','), Number);
}
