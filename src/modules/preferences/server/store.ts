import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '#platform/database/connect.ts';

/** Who arranged something, and in which organization. */
export interface Person {
	readonly userId: string;
	readonly organizationNo: number;
}

/** A person's preference, or null. */
export async function readPreference(
	database: Database,
	{ userId, organizationNo }: Person,
	key: string,
): Promise<z.output<ReturnType<typeof z.json>>> {
	const row = await database
		.selectFrom('user_preference')
		.where('user_id', '=', userId)
		.where('organization_no', '=', organizationNo)
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
	{ userId, organizationNo }: Person,
	key: string,
	written: string,
	most: number,
): Promise<boolean> {
	const kept = await sql<{ key: string }>`
		insert into user_preference (user_id, organization_no, key, value)
		select ${userId}, ${organizationNo}, ${key}, ${written}::jsonb
		where (
			select count(*) from user_preference
			where user_id = ${userId} and organization_no = ${organizationNo} and key <> ${key}
		) < ${most}
		on conflict (user_id, organization_no, key) do update set value = excluded.value
		returning key`.execute(database);
	return kept.rows.length > 0;
}

export async function forgetPreference(
	database: Database,
	{ userId, organizationNo }: Person,
	key: string,
): Promise<void> {
	await database
		.deleteFrom('user_preference')
		.where('user_id', '=', userId)
		.where('organization_no', '=', organizationNo)
		.where('key', '=', key)
		.execute();
}
