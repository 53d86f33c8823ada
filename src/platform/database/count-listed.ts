import { type RawBuilder, sql } from 'kysely';
import { countLimit, type ListCount } from '#contract/list.ts';
import type { Database } from './connect.ts';

/** How many rows a query has, counted up to {@link countLimit}. */
export async function countListed(
	database: Database,
	query: RawBuilder<unknown>,
): Promise<ListCount> {
	const count = await countAll(database, sql`${query} limit ${countLimit + 1}`);
	return { total: Math.min(count, countLimit), totalIsExact: count <= countLimit };
}

/** How many rows a query has, all of them counted. */
export async function countAll(database: Database, query: RawBuilder<unknown>): Promise<number> {
	const { rows } = await sql<{ count: number }>`
		select count(*)::integer as count from (${query}) counted`.execute(database);
	return rows[0]?.count ?? 0;
}
