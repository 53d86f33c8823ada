import { type RawBuilder, sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';

/** Things of one kind that refer to what is to be deleted. */
export interface Referring {
	readonly one: string;
	readonly many: string;
	readonly count: number;
	/** Names of the first few. */
	readonly examples: readonly string[];
}

/** Named of each kind, before "…". */
const mostExamples = 3;

/** Counts what refers to something, with the names of the first few. @param names of it, in order */
export async function readReferring(
	database: Database,
	words: Pick<Referring, 'one' | 'many'>,
	names: RawBuilder<unknown>,
): Promise<Referring> {
	const { rows } = await sql<{ count: number; examples: string[] }>`
		with referring as materialized (${names})
		select (select count(*)::integer from referring) as count,
			array(select name from referring order by name limit ${mostExamples}) as examples`.execute(
		database,
	);
	return { ...words, count: rows[0]?.count ?? 0, examples: rows[0]?.examples ?? [] };
}

/** What stands in the way of a deletion, as part of a sentence; null when nothing does. */
export function standsInTheWay(referring: readonly Referring[]): string | null {
	const parts = referring
		.filter(({ count }) => count > 0)
		.map(({ one, many, count, examples }) => {
			const more = count > examples.length ? ', …' : '';
			return `${count} ${count === 1 ? one : many} (${examples.join(', ')}${more})`;
		});
	if (parts.length === 0) return null;
	return `it has ${new Intl.ListFormat('en', { type: 'conjunction' }).format(parts)}`;
}
