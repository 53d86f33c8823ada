import { type NotNull, sql } from 'kysely';
import type { Role } from '#contract/roles.ts';
import type { Database } from '#platform/database/connect.ts';
import { longestSessionSeconds } from './auth.ts';

/** A session's last use is written down this often at most. */
const seenSeconds = 60;

/** A session that has not ended, its user, and the user's membership in the organization that was asked for, if any. */
export interface SessionRow {
	readonly sessionId: string;
	readonly userId: string;
	readonly email: string;
	readonly name: string;
	readonly membership: MembershipRow | null;
}

export interface MembershipRow {
	readonly organizationNo: number;
	readonly organizationName: string;
	readonly timeZone: string;
	readonly country: string;
	readonly locale: string;
	readonly role: Role;
	readonly dealerNo: number | null;
	/** Null: not narrowed to customers. */
	readonly customerNos: number[] | null;
}

/**
 * Reads the session with this token. On a host that belongs to an organization the membership there counts, on any
 * other the user's first.
 */
export async function readSession(
	database: Database,
	token: string,
	host: string,
): Promise<SessionRow | null> {
	const session = await database
		.selectFrom('auth_session as s')
		.innerJoin('auth_user as u', 'u.id', 's.userId')
		.select([
			's.id as sessionId',
			's.organizationNo as onlyOrganizationNo',
			'u.id as userId',
			'u.email',
			'u.name',
			sql<boolean>`s."lastSeenAt" <= now() - make_interval(secs => ${seenSeconds})`.as(
				'isSeenAnew',
			),
		])
		.where('s.token', '=', token)
		.where('s.expiresAt', '>', sql<Date>`now()`)
		.where('s.createdAt', '>', sql<Date>`now() - make_interval(secs => ${longestSessionSeconds})`)
		.executeTakeFirst();
	if (session === undefined) return null;
	const { isSeenAnew, onlyOrganizationNo, ...user } = session;
	if (isSeenAnew) await noteSeen(database, user.sessionId);
	const membership = await database
		.selectFrom('membership as m')
		.innerJoin('v_organization as o', 'o.organization_no', 'm.organization_no')
		.leftJoin('v_organization_host as h', (join) => join.on('h.host', '=', host))
		.select([
			'm.organization_no as organizationNo',
			'o.name as organizationName',
			'o.time_zone as timeZone',
			'o.country',
			'o.locale',
			sql<Role>`m.role`.as('role'),
			'm.dealer_no as dealerNo',
			sql<number[] | null>`case when not m.all_customers then array(
				select c.customer_no from membership_customer c
				where c.membership_no = m.membership_no order by c.customer_no
			) end`.as('customerNos'),
		])
		.$narrowType<{
			organizationName: NotNull;
			timeZone: NotNull;
			country: NotNull;
			locale: NotNull;
		}>()
		.where('m.user_id', '=', user.userId)
		.$if(onlyOrganizationNo !== null, (query) =>
			query.where('m.organization_no', '=', onlyOrganizationNo),
		)
		.where((eb) =>
			eb.or([
				eb('h.organization_no', 'is', null),
				eb('h.organization_no', '=', eb.ref('m.organization_no')),
			]),
		)
		.orderBy('m.membership_no')
		.limit(1)
		.executeTakeFirst();
	return { ...user, membership: membership ?? null };
}

async function noteSeen(database: Database, sessionId: string): Promise<void> {
	await database
		.updateTable('auth_session')
		.set({ lastSeenAt: sql`now()` })
		.where('id', '=', sessionId)
		.execute();
}

/** Ends the session with this token, if there is one. */
export async function endSession(database: Database, token: string): Promise<void> {
	await database.deleteFrom('auth_session').where('token', '=', token).execute();
}

/** Counts of requests from an address are kept for better-auth's longest window, and some more. */
const rateWindowMs = 10 * 60_000;

/** Removes sessions that ended by themselves, and counts of tries that no longer count. */
export async function removeEnded(database: Database): Promise<void> {
	await sql`
		delete from auth_session where "expiresAt" <= now()
			or "createdAt" <= now() - make_interval(secs => ${longestSessionSeconds})
	`.execute(database);
	await sql`
		delete from auth_rate_limit
		where "lastRequest" < extract(epoch from now()) * 1000 - ${rateWindowMs}::integer
	`.execute(database);
}
