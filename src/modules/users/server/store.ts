import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import { countLimit } from '#contract/list.ts';
import type { Role } from '#contract/roles.ts';
import { linkSeconds } from '#modules/access/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import type { UserPage, UserQuery, UserRow, UserSort } from '../contract.ts';

/** Search, filters and order of the list, without the page. */
export type UserSelection = Omit<UserQuery, 'page' | 'pageSize'>;

/** Who reads: what is theirs is marked. */
export interface UserReader {
	readonly organizationNo: number;
	readonly userId: string;
	readonly role: Role;
}

/** One page of an organization's users, and how many there are. */
export async function readUserPage(
	database: Database,
	reader: UserReader,
	query: UserQuery,
): Promise<UserPage> {
	const wanted = await conditionOf(database, reader.organizationNo, query);
	return readPage<UserRow>(database, query, {
		rows: usersFor(reader),
		key: 'm.membership_no',
		matching: sql`${candidates} where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many users match; all of them are counted. */
export async function countUsers(
	database: Database,
	organizationNo: number,
	selection: UserSelection,
): Promise<number> {
	const wanted = await conditionOf(database, organizationNo, selection);
	return countAll(database, sql`${candidates} where ${wanted}`);
}

/** Every user that matches, in order, portion by portion of one moment. */
export async function* readUserPortions(
	database: Database,
	client: pg.ClientBase,
	reader: UserReader,
	selection: UserSelection,
	portionRows: number,
): AsyncGenerator<UserRow[]> {
	const wanted = await conditionOf(database, reader.organizationNo, selection);
	const select = sql`${usersFor(reader)} where ${wanted} order by ${orderOf(selection)}`.compile(
		database,
	);
	yield* readInPortions<UserRow>(client, select.sql, portionRows, select.parameters);
}

/** One user of the organization, or undefined. */
export async function readUser(
	database: Database,
	reader: UserReader,
	userNo: number,
): Promise<UserRow | undefined> {
	const { rows } = await sql<UserRow>`
		${usersFor(reader)}
		where m.membership_no = ${userNo} and m.organization_no = ${reader.organizationNo}`.execute(
		database,
	);
	return rows[0];
}

/** When a member `m` last signed in to this organization; what an earlier membership did does not count. */
const lastSignInAt = sql`(
	select a.at from v_arrival a
	where a.organization_no = m.organization_no and a.user_id = m.user_id and a.at >= m.created_at and a.is_sign_in
	order by a.at desc limit 1
)`;
/** Whether a member `m` has ever come in by this organization. */
export const hasComeIn = sql<SqlBool>`m.came_in_at is not null`;
/** Whether a member `m` has come in, or needed no invitation. */
export const isActiveMember = sql<SqlBool>`(m.invited_at is null or ${hasComeIn})`;
/** The opposite, in the words of the index. */
const isNotIn = sql<SqlBool>`m.invited_at is not null and m.came_in_at is null`;
/** Whether the account of a member `m` belongs to another organization, too, or is a Super Admin somewhere. */
export const reachesFurther = sql<SqlBool>`exists (
	select from v_account_reach r where r.user_id = m.user_id
		and (r.organizations > 1 or r.is_super_admin)
)`;
const hasSecondFactor = sql<SqlBool>`exists (
	select from v_second_factor f where f.user_id = m.user_id
)`;
const isInvitationOver = sql<SqlBool>`m.invited_at < now() - make_interval(secs => ${linkSeconds.activate})`;

function usersFor({ userId, role }: UserReader): RawBuilder<unknown> {
	return sql`
		select m.membership_no as "userNo", u.email, m.name, m.role, m.mis_role as "misRole",
			m.user_account as "userAccount", m.dealer_no as "dealerNo", d.name as "dealerName",
			case when not m.all_customers then (
				select coalesce(jsonb_agg(
					jsonb_build_object('customerNo', c.customer_no, 'name', c.name) order by c.name, c.customer_no
				), '[]') from membership_customer n join v_customer c on c.customer_no = n.customer_no
				where n.membership_no = m.membership_no
			) end as customers,
			case when ${isActiveMember} then 'active' when ${isInvitationOver} then 'expired' else 'invited' end as state,
			${epochMs(lastSignInAt)} as "lastSignInAtMs", ${epochMs('m.created_at')} as "createdAtMs",
			${epochMs('m.invited_at')} as "invitedAtMs",
			${isActiveMember} and ${hasSecondFactor} as "hasSecondFactor",
			${isActiveMember} and ${role !== 'super_admin'} and ${reachesFurther} as "isOutOfReach",
			m.user_id = ${userId} as "isSelf"
		from membership m
		join v_account_email u on u.user_id = m.user_id
		left join v_dealer d on d.dealer_no = m.dealer_no`;
}

const candidates = sql`
	select m.membership_no from membership m join v_account_email u on u.user_id = m.user_id`;

const sortColumns: Record<UserSort, string> = {
	email: 'u.email',
	name: 'm.name',
	role: 'm.role',
	created: 'm.created_at',
};

function orderOf({ sort, direction }: UserSelection): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	return sql`${sql.ref(sortColumns[sort])} ${way}, m.membership_no ${way}`;
}

async function conditionOf(
	database: Database,
	organizationNo: number,
	{ q, role, state, customer, dealer }: UserSelection,
): Promise<RawBuilder<SqlBool>> {
	const conditions: RawBuilder<SqlBool>[] = [sql`m.organization_no = ${organizationNo}`];
	if (role !== undefined) conditions.push(sql`m.role = ${role}`);
	if (state === 'active') conditions.push(isActiveMember);
	if (state === 'invited') conditions.push(sql`${isNotIn} and not ${isInvitationOver}`);
	if (state === 'expired') conditions.push(sql`${isNotIn} and ${isInvitationOver}`);
	if (dealer !== undefined) conditions.push(sql`m.dealer_no = ${dealer}`);
	if (customer !== undefined)
		conditions.push(sql`m.membership_no in (
			select n.membership_no from membership_customer n
			where n.organization_no = ${organizationNo} and n.customer_no = ${customer}
		)`);
	if (q !== '') conditions.push(await matching(database, organizationNo, q));
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/**
 * Users that a text finds. A text that finds few is looked up by its trigrams; one that finds many is compared while
 * the list is walked in its order, which then fills a page soon.
 */
async function matching(
	database: Database,
	organizationNo: number,
	q: string,
): Promise<RawBuilder<SqlBool>> {
	const pattern = containing(q);
	const most = countLimit + 1;
	const { rows } = await sql<{ membership_no: number }>`
		(select m.membership_no from membership m
			where m.organization_no = ${organizationNo} and m.name ilike ${pattern} limit ${most})
		union
		(select m.membership_no from v_account_email u join membership m on m.user_id = u.user_id
			where m.organization_no = ${organizationNo} and u.email ilike ${pattern} limit ${most})`.execute(
		database,
	);
	if (rows.length <= countLimit)
		return sql`m.membership_no = any(${rows.map((row) => row.membership_no)}::integer[])`;
	return sql`(m.name ilike ${pattern} or u.email ilike ${pattern})`;
}
