import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Role } from '#contract/roles.ts';
import { countSessions } from '#modules/access/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { hasComeIn, reachesFurther } from './store.ts';

/** Who asks for somebody's sessions, in which organization. */
interface SessionReader {
	readonly organizationNo: number;
	readonly role: Role;
}

/**
 * How many open sessions a user has. Those of an account that never came in by this organization are none of its
 * business, not even their number; nor, but to a Super Admin, those of one that reaches further.
 * @returns null where it is not told
 * @throws `not_found`
 */
export async function countOpenSessions(
	database: Database,
	{ organizationNo, role }: SessionReader,
	userNo: number,
): Promise<number | null> {
	const { rows } = await sql<{ userId: string; hasComeIn: boolean; reachesFurther: boolean }>`
		select m.user_id as "userId", ${hasComeIn} as "hasComeIn", ${reachesFurther} as "reachesFurther"
		from membership m
		where m.membership_no = ${userNo} and m.organization_no = ${organizationNo}`.execute(database);
	const [member] = rows;
	if (member === undefined) throw fault('not_found', { thing: 'user' });
	if (!member.hasComeIn) return 0;
	if (member.reachesFurther && role !== 'super_admin') return null;
	return countSessions(database, member.userId);
}
