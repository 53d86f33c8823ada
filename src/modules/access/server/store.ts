import { type NotNull, sql } from 'kysely';
import type { MisRole, Role } from '#contract/roles.ts';
import type { Database } from '#platform/database/connect.ts';
import type { SignInPolicy } from '../contract.ts';
import { longestSessionSeconds } from './auth.ts';
import { type SessionFacts, worthOf } from './policy/rules.ts';
import { isSuperAdminAnywhere, policyColumns } from './policy/store.ts';

/** A session's last use is written down this often at most. */
const seenSeconds = 60;

/** A session that has not ended, its user, and the user's membership in the organization that was asked for, if any. */
export interface SessionRow {
	readonly sessionId: string;
	readonly userId: string;
	readonly email: string;
	readonly membership: MembershipRow | null;
	/** Whether the session may do nothing but set up a second factor. */
	readonly lacksSecondFactor: boolean;
}

export interface HomeRow {
	readonly organizationNo: number;
	readonly name: string;
}

export interface MembershipRow {
	readonly organizationNo: number;
	readonly organizationName: string;
	readonly timeZone: string;
	readonly country: string;
	readonly locale: string;
	/** As the organization calls the user; null for no name. */
	readonly name: string | null;
	readonly role: Role;
	readonly misRole: MisRole;
	readonly dealerNo: number | null;
	/** Null: not narrowed to customers. */
	readonly customerNos: number[] | null;
	/** The own organization, while the session is in another one. */
	readonly enteredFrom: HomeRow | null;
}

/** Where a session may be, and how one has to sign in there. */
export interface Place {
	readonly membership: MembershipRow;
	readonly policy: SignInPolicy;
}

/**
 * Reads the session with this token. A Super Admin's may be in another organization, which holds at that one's hosts,
 * at those of the own, and at such as are nobody's. Otherwise the membership in the host's organization counts, and on
 * a host that is nobody's the user's first by whose policy the session is worth anything.
 * @returns null also for one that is worth nothing at this host
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
			sql<boolean>`s."lastSeenAt" <= now() - make_interval(secs => ${seenSeconds})`.as(
				'isSeenAnew',
			),
			sql<boolean>`exists (select from v_entered_organization e where e.session_id = s.id)`.as(
				'hasEntered',
			),
			isSuperAdminAnywhere.as('isSuperAdmin'),
			sql<boolean>`exists (
				select from second_factor f where f.user_id = u.id and f.confirmed_at is not null
			)`.as('hasSecondFactor'),
		])
		.where('s.token', '=', token)
		.where('s.expiresAt', '>', sql<Date>`now()`)
		.where('s.createdAt', '>', sql<Date>`now() - make_interval(secs => ${longestSessionSeconds})`)
		.executeTakeFirst();
	if (session === undefined) return null;
	const { sessionId, userId, email, onlyOrganizationNo } = session;
	const facts = { ...session, isByProvider: onlyOrganizationNo !== null };
	// An Admin, who configures an organization's provider, could else come to a Super Admin's rights by what it vouches
	// for, be it for somebody who was made one afterwards.
	if (facts.isByProvider && facts.isSuperAdmin) return null;
	if (session.isSeenAnew) await noteSeen(database, sessionId);
	// What an organization's own provider vouched for counts there and nowhere else.
	const entered =
		session.hasEntered && !facts.isByProvider ? await readEntered(database, session, host) : null;
	const places =
		entered === null ? await readPlaces(database, userId, onlyOrganizationNo, host) : [entered];
	return sessionIn(places, { sessionId, userId, email }, facts);
}

function sessionIn(
	places: readonly Place[],
	user: Pick<SessionRow, 'sessionId' | 'userId' | 'email'>,
	facts: SessionFacts,
): SessionRow | null {
	if (places.length === 0) return { ...user, membership: null, lacksSecondFactor: false };
	for (const { membership, policy } of places) {
		const worth = worthOf(policy, facts);
		if (worth !== 'nothing')
			return { ...user, membership, lacksSecondFactor: worth === 'second_factor' };
	}
	return null;
}

/** A user's memberships that count at a host, the first one first. */
export async function readPlaces(
	database: Database,
	userId: string,
	onlyOrganizationNo: number | null,
	host: string,
): Promise<Place[]> {
	const rows = await memberships(database)
		.leftJoin('v_organization_host as h', (join) => join.on('h.host', '=', host))
		.leftJoin('sign_in_policy as p', 'p.organization_no', 'm.organization_no')
		.select(policyColumns)
		.where('m.user_id', '=', userId)
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
		.execute();
	return rows.map(({ requiresSecondFactor, allowsPassword, ...membership }) => ({
		membership: { ...membership, enteredFrom: null },
		policy: { requiresSecondFactor, allowsPassword },
	}));
}

/** Somebody with a membership. */
export interface MemberRow extends Omit<MembershipRow, 'enteredFrom'> {
	/** Another one when somebody becomes a member again. */
	readonly membershipNo: number;
	readonly userId: string;
	readonly email: string;
}

/** A user's membership in an organization, as it is now, or undefined. */
export function readMember(
	database: Database,
	userId: string,
	organizationNo: number,
): Promise<MemberRow | undefined> {
	return memberships(database)
		.innerJoin('auth_user as u', 'u.id', 'm.user_id')
		.select(['m.membership_no as membershipNo', 'u.id as userId', 'u.email'])
		.$narrowType<{ membershipNo: NotNull }>()
		.where('m.user_id', '=', userId)
		.where('m.organization_no', '=', organizationNo)
		.executeTakeFirst();
}

function memberships(database: Database) {
	return database
		.selectFrom('v_membership as m')
		.innerJoin('v_organization as o', 'o.organization_no', 'm.organization_no')
		.select([
			'm.organization_no as organizationNo',
			'o.name as organizationName',
			'o.time_zone as timeZone',
			'o.country',
			'o.locale',
			'm.name',
			sql<Role>`m.role`.as('role'),
			sql<MisRole>`m.mis_role`.as('misRole'),
			'm.dealer_no as dealerNo',
			'm.customer_nos as customerNos',
		])
		.$narrowType<{
			organizationNo: NotNull;
			organizationName: NotNull;
			timeZone: NotNull;
			country: NotNull;
			locale: NotNull;
		}>();
}

/**
 * What a session may do that has entered an organization, as long as its user is a Super Admin at home. What either
 * organization requires has to be there.
 */
async function readEntered(
	database: Database,
	{ sessionId, userId }: { readonly sessionId: string; readonly userId: string },
	host: string,
): Promise<Place | null> {
	const entered = await database
		.selectFrom('v_entered_organization as e')
		.innerJoin('v_membership as m', 'm.organization_no', 'e.home_organization_no')
		.innerJoin('v_organization as o', 'o.organization_no', 'e.organization_no')
		.innerJoin('v_organization as home', 'home.organization_no', 'e.home_organization_no')
		.leftJoin('v_organization_host as h', (join) => join.on('h.host', '=', host))
		.leftJoin('sign_in_policy as p', (join) =>
			join.on((eb) =>
				eb.and([
					eb('p.organization_no', 'in', [
						eb.ref('e.organization_no'),
						eb.ref('e.home_organization_no'),
					]),
					eb('p.requires_second_factor', '=', true),
				]),
			),
		)
		.select([
			'o.organization_no as organizationNo',
			'o.name as organizationName',
			'o.time_zone as timeZone',
			'o.country',
			'o.locale',
			'm.name',
			sql<MisRole>`m.mis_role`.as('misRole'),
			'home.organization_no as homeNo',
			'home.name as homeName',
			...policyColumns,
		])
		.where('e.session_id', '=', sessionId)
		.where('m.user_id', '=', userId)
		.where('m.role', '=', 'super_admin')
		.where('m.customer_nos', 'is', null)
		.where((eb) =>
			eb.or([
				eb('h.organization_no', 'is', null),
				eb('h.organization_no', '=', eb.ref('o.organization_no')),
				eb('h.organization_no', '=', eb.ref('home.organization_no')),
			]),
		)
		.$narrowType<{
			organizationNo: NotNull;
			organizationName: NotNull;
			timeZone: NotNull;
			country: NotNull;
			locale: NotNull;
			homeNo: NotNull;
			homeName: NotNull;
		}>()
		.executeTakeFirst();
	if (entered === undefined) return null;
	const { homeNo, homeName, requiresSecondFactor, allowsPassword, ...organization } = entered;
	return {
		membership: {
			...organization,
			role: 'super_admin',
			dealerNo: null,
			customerNos: null,
			enteredFrom: { organizationNo: homeNo, name: homeName },
		},
		policy: { requiresSecondFactor, allowsPassword },
	};
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

/** How many sessions of an account have not ended. */
export async function countSessions(database: Database, userId: string): Promise<number> {
	const { count } = await database
		.selectFrom('auth_session')
		.select((eb) => eb.fn.countAll<number>().as('count'))
		.where('userId', '=', userId)
		.where('expiresAt', '>', sql<Date>`now()`)
		.where('createdAt', '>', sql<Date>`now() - make_interval(secs => ${longestSessionSeconds})`)
		.executeTakeFirstOrThrow();
	return count;
}

/** Ends every session of an account. After the commit, `Access.changed` is to be called. */
export async function endSessions(database: Database, userId: string): Promise<void> {
	await database.deleteFrom('auth_session').where('userId', '=', userId).execute();
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
