import { sql } from 'kysely';
import type { Principal } from '#contract/principal.ts';
import type { Database } from '#platform/database/connect.ts';
import type { SignInPolicy } from '../../contract.ts';

/** Whether `auth_user as u` is a Super Admin anywhere. */
export const isSuperAdminAnywhere = sql<boolean>`exists (
	select from v_account_reach r where r.user_id = u.id and r.is_super_admin
)`;

/** Of `sign_in_policy as p`, which may have no row. */
const allowsPassword = sql<boolean>`coalesce(p.allows_password, true)`;

/** Whether `auth_user as u` may come in by password under `sign_in_policy as p`: `takesPassword` of the rules. */
export const mayUsePassword = sql<boolean>`(${allowsPassword} or ${isSuperAdminAnywhere})`;

export const allowsPasswordColumn = allowsPassword.as('allowsPassword');
/** The same, with everything that a policy says. */
export const policyColumns = [
	sql<boolean>`coalesce(p.requires_second_factor, false)`.as('requiresSecondFactor'),
	allowsPasswordColumn,
] as const;

/** How the members of an organization have to sign in. */
export async function readPolicy(
	database: Database,
	organizationNo: number,
): Promise<SignInPolicy> {
	const policy = await database
		.selectFrom('sign_in_policy as p')
		.select(['requires_second_factor as requiresSecondFactor', 'allows_password as allowsPassword'])
		.where('organization_no', '=', organizationNo)
		.executeTakeFirst();
	return policy ?? { requiresSecondFactor: false, allowsPassword: true };
}

/**
 * Holds back everything else that decides how an organization signs in, its provider and its policy, until the
 * transaction ends: there may be no row of either yet.
 */
export async function lockSignIn(transaction: Database, organizationNo: number): Promise<void> {
	await sql`select pg_advisory_xact_lock(hashtext('sign_in'), ${organizationNo})`.execute(
		transaction,
	);
}

export async function writePolicy(
	transaction: Database,
	organizationNo: number,
	{ requiresSecondFactor, allowsPassword }: SignInPolicy,
): Promise<void> {
	const values = { requires_second_factor: requiresSecondFactor, allows_password: allowsPassword };
	await transaction
		.insertInto('sign_in_policy')
		.values({ organization_no: organizationNo, ...values })
		.onConflict((conflict) => conflict.column('organization_no').doUpdateSet(values))
		.execute();
}

/**
 * Ends the sessions by password of members who belong to this organization alone and are no Super Admins. Those of
 * accounts that reach further are not an Admin's to end: here they are worth nothing all the same.
 */
export async function endPasswordSessions(
	transaction: Database,
	organizationNo: number,
): Promise<void> {
	await sql`
		delete from auth_session s using v_membership m, v_account_reach r
		where m.organization_no = ${organizationNo} and s."userId" = m.user_id
			and s."organizationNo" is null and r.user_id = m.user_id
			and r.organizations = 1 and not r.is_super_admin
	`.execute(transaction);
}

/** Members of an organization who are signed in by a password, and Super Admins who have entered it. */
export async function whoIsInByPassword(
	database: Database,
	organizationNo: number,
): Promise<string[]> {
	const { rows } = await sql<{ userId: string }>`
		select s."userId" from auth_session s
		join v_membership m on m.user_id = s."userId" and m.organization_no = ${organizationNo}
		where s."organizationNo" is null
		union
		select s."userId" from auth_session s
		join v_entered_organization e on e.session_id = s.id and e.organization_no = ${organizationNo}
	`.execute(database);
	return rows.map(({ userId }) => userId);
}

/**
 * Whether the organization in which a session is requires a second factor, or another one of its user's. A session that
 * an organization's provider vouched for hears of no other.
 */
export async function requiresSecondFactorOf(
	database: Database,
	{ userId, scope }: Principal,
	sessionId: string,
): Promise<boolean> {
	const { rows } = await sql`
		select from sign_in_policy p where p.requires_second_factor and (
			p.organization_no = ${scope.organizationNo} or exists (
				select from v_membership m
				join auth_session s on s.id = ${sessionId} and s."organizationNo" is null
				where m.user_id = ${userId} and m.organization_no = p.organization_no
			)
		) limit 1
	`.execute(database);
	return rows.length > 0;
}

/** Whether an account is a Super Admin anywhere. */
export async function isSuperAdmin(database: Database, userId: string): Promise<boolean> {
	const reach = await database
		.selectFrom('v_account_reach')
		.select('is_super_admin')
		.where('user_id', '=', userId)
		.executeTakeFirst();
	return reach?.is_super_admin ?? false;
}
