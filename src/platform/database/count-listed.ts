import { type RawBuilder, sql } from 'kysely';
import { countLimit, type ListCount } from '#contract/list.ts';
import type { Database } from './connect.ts';

/** How many rows a query has, counted up to {@link countLimit}. */
export async function countListed(
	database: Database,
	query: RawBuilder<unknown>,
): Promise<ListCount> {
	const { rows } = await sql<{ count: number }>`
		select count(*)::integer as count from (${query} limit ${countLimit + 1}) counted`.execute(
		database,
	);
	const count = rows[0]?.count ?? 0;
	return { total: Math.min(count, countLimit), totalIsExact: count <= countLimit };
}
