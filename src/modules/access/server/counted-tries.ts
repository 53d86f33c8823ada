import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';

/** Where tries are counted, by a hash of whom or what they concern, and for how long they count. */
export interface TryCounter {
	readonly table: 'sign_in_attempt' | 'link_attempt';
	/** Its column with the hash. */
	readonly key: 'email_hash' | 'key_hash';
	readonly windowSeconds: number;
}

/** Counts a try, in one statement, so that tries side by side count too. @returns seconds to wait, or null when it is allowed */
export async function countTry(
	database: Database,
	{ table, key, windowSeconds }: TryCounter,
	hash: Buffer,
	limit: number,
): Promise<number | null> {
	const counter = sql.table(table);
	const startedAt = sql.ref(`${table}.window_started_at`);
	const isOver = sql`${startedAt} <= now() - make_interval(secs => ${windowSeconds})`;
	const { rows } = await sql<{ attempts: number; waitSeconds: number }>`
		insert into ${counter} (${sql.ref(key)}, attempts, window_started_at)
		values (${hash}, 1, now())
		on conflict (${sql.ref(key)}) do update set
			attempts = case when ${isOver} then 1 else ${sql.ref(`${table}.attempts`)} + 1 end,
			window_started_at = case when ${isOver} then now() else ${startedAt} end
		returning attempts, ceil(
			${windowSeconds} - extract(epoch from now() - window_started_at)
		)::integer as "waitSeconds"
	`.execute(database);
	const [counted] = rows;
	if (counted === undefined) throw new Error(`a try was not counted in ${table}`);
	return counted.attempts > limit ? Math.max(1, counted.waitSeconds) : null;
}
