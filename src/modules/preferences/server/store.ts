import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '#platform/database/connect.ts';

/** A person's preference, or null. */
export async function readPreference(
	database: Database,
	userId: string,
	key: string,
): Promise<z.output<ReturnType<typeof z.json>>> {
	const row = await database
		.selectFrom('user_preference')
		.where('user_id', '=', userId)
		.where('key', '=', key)
		.select('value')
		.executeTakeFirst();
	return z.json().parse(row?.value ?? null);
}

/**
 * Keeps a person's preference instead of the one before.
 * @param written the value as JSON
 * @returns false when it would be one more than `most`
 */
export async function keepPreference(
	database: Database,
	userId: string,
	key: string,
	written: string,
	most: number,
): Promise<boolean> {
	const kept = await sql<{ key: string }>`
		insert into user_preference (user_id, key, value)
		select ${userId}, ${key}, ${written}::jsonb
		where (select count(*) from user_preference where user_id = ${userId} and key <> ${key}) < ${most}
		on conflict (user_id, key) do update set value = excluded.value
		returning key`.execute(database);
	return kept.rows.length > 0;
}

export async function forgetPreference(
	database: Database,
	userId: string,
	key: string,
): Promise<void> {
	await database
		.deleteFrom('user_preference')
		.where('user_id', '=', userId)
		.where('key', '=', key)
		.execute();
}
