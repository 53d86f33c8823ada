import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { countSessions } from '#modules/access/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { hasComeIn } from './store.ts';

/**
 * How many open sessions a user has. Those of an account that never came in by this organization are none of its
 * business, not even their number.
 * @throws `not_found`
 */
export async function countOpenSessions(
	database: Database,
	organizationNo: number,
	userNo: number,
): Promise<number> {
	const { rows } = await sql<{ userId: string; hasComeIn: boolean }>`
		select m.user_id as "userId", ${hasComeIn} as "hasComeIn" from membership m
		where m.membership_no = ${userNo} and m.organization_no = ${organizationNo}`.execute(database);
	const [member] = rows;
	if (member === undefined) throw fault('not_found', { thing: 'user' });
	return member.hasComeIn ? countSessions(database, member.userId) : 0;
}
