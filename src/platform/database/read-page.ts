import { type RawBuilder, sql } from 'kysely';
import type { ListCount } from '#contract/list.ts';
import type { Database } from './connect.ts';
import { countListed } from './count-listed.ts';

/** A list in SQL, in the pieces of which its pages are made. */
export interface ListSql {
	/** `select … from …` with everything that a row shows. */
	readonly rows: RawBuilder<unknown>;
	/** The column by which `rows` finds a row. */
	readonly key: string;
	/** `select <key> from … where …`: the keys of what matches, from no more tables than that takes. */
	readonly matching: RawBuilder<unknown>;
	/** What the rows are ordered by, in words that both `rows` and `matching` know. */
	readonly order: RawBuilder<unknown>;
}

/**
 * One page of a list, and how many rows match. The keys of the page are found first: what a row shows is read of those
 * alone, and not of every row before them.
 */
export async function readPage<Row>(
	database: Database,
	{ page, pageSize }: { readonly page: number; readonly pageSize: number },
	{ rows: select, key, matching, order }: ListSql,
): Promise<ListCount & { rows: Row[] }> {
	const count = await countListed(database, matching);
	const { rows } = await sql<Row>`
		${select} join (
			${matching} order by ${order} limit ${pageSize} offset ${(page - 1) * pageSize}
		) page (key) on page.key = ${sql.ref(key)}
		order by ${order}`.execute(database);
	return { rows, ...count };
}
