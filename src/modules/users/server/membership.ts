import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { MisRole, Role } from '#contract/roles.ts';
import { findOrCreateAccount, secureWidenedAccount } from '#modules/access/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { usualUserAccount } from '../contract.ts';

/** Number of the advisory lock under which memberships change, one transaction after the other. */
const membershipLock = 7_203_415;

/**
 * Keeps every other change of memberships waiting until the transaction ends: what is decided by other people's rights
 * (who is the last administrator, who may act at all) would else be decided twice at once.
 */
export async function lockMemberships(transaction: Database): Promise<void> {
	await sql`select pg_advisory_xact_lock(${membershipLock})`.execute(transaction);
}

export interface NewMembership {
	readonly organizationNo: number;
	readonly name: string | null;
	readonly email: string;
	readonly role: Role;
	readonly misRole: MisRole;
	readonly userAccount: string;
	/** For dealers, and only for them. */
	readonly dealerNo: number | null;
	/** Customers to which the member is narrowed, or null for all; B2B users and customers need a list. */
	readonly customerNos: readonly number[] | null;
}

export interface CreatedMembership {
	readonly userId: string;
	readonly userNo: number;
}

/**
 * Makes somebody a member, with an account if the e-mail has none yet. Without a password the member is invited.
 * @throws `already_in_use` for a member of the organization
 */
export async function insertMembership(
	transaction: Database,
	member: NewMembership,
	password: string | null,
): Promise<CreatedMembership> {
	await lockMemberships(transaction);
	const { organizationNo, email, name } = member;
	const userId = await findOrCreateAccount(transaction, { email, name: name ?? email, password });
	const inserted = await transaction
		.insertInto('membership')
		.values({
			user_id: userId,
			organization_no: organizationNo,
			name,
			role: member.role,
			mis_role: member.misRole,
			user_account: member.userAccount,
			dealer_no: member.dealerNo,
			all_customers: member.customerNos === null,
			invited_at: password === null ? sql<Date>`now()` : null,
		})
		.onConflict((conflict) => conflict.columns(['user_id', 'organization_no']).doNothing())
		.returning('membership_no')
		.executeTakeFirst();
	if (inserted === undefined) {
		const where = ' by a user of this organization';
		const message = `${email} is already in use${where}.`;
		throw fault('already_in_use', { value: email, where }, [{ path: 'body.email', message }]);
	}
	const userNo = inserted.membership_no;
	await secureWidenedAccount(transaction, userId);
	await insertCustomers(transaction, organizationNo, userNo, member.customerNos ?? []);
	return { userId, userNo };
}

/** Narrows a member to customers besides those it is narrowed to. */
export async function insertCustomers(
	transaction: Database,
	organizationNo: number,
	userNo: number,
	customerNos: readonly number[],
): Promise<void> {
	await sql`
		insert into membership_customer (organization_no, membership_no, customer_no)
		select ${organizationNo}, ${userNo}, unnest(${customerNos}::integer[])`.execute(transaction);
}

export interface NewMember extends Omit<NewMembership, 'name' | 'misRole' | 'userAccount'> {
	readonly name: string;
	/** For a new account; an account that exists keeps its own. */
	readonly password: string;
	/** Left out: `user`. */
	readonly misRole?: MisRole;
}

/**
 * Makes somebody an active member of an organization, without an invitation. Inside a transaction of the caller it
 * becomes part of it. @returns the account's id
 */
export async function createMember(
	database: Database,
	{ password, misRole = 'user', ...member }: NewMember,
): Promise<string> {
	const create = async (transaction: Database) => {
		const membership = { ...member, misRole, userAccount: usualUserAccount };
		return (await insertMembership(transaction, membership, password)).userId;
	};
	return database.isTransaction ? create(database) : database.transaction().execute(create);
}
