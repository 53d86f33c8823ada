import { randomUUID } from 'node:crypto';
import { fault } from '#contract/faults.ts';
import type { Role } from '#contract/roles.ts';
import type { Database } from '#platform/database/connect.ts';
import { hashPassword } from './password-hash.ts';

export interface NewMember {
	readonly organizationNo: number;
	readonly name: string;
	readonly email: string;
	/** For a new account; an account that exists keeps its own. */
	readonly password: string;
	readonly role: Role;
	/** For dealers, and only for them. */
	readonly dealerNo: number | null;
	/** Customers to which the member is narrowed, or null for all; B2B users and customers need a list. */
	readonly customerNos: readonly number[] | null;
}

/**
 * Makes somebody a member of an organization, with an account if the e-mail has none yet. Inside a transaction of the
 * caller it becomes part of it. @returns the account's id
 */
export async function createMember(database: Database, member: NewMember): Promise<string> {
	const password = await hashPassword(member.password);
	const create = (transaction: Database) => insertMember(transaction, member, password);
	return database.isTransaction ? create(database) : database.transaction().execute(create);
}

async function insertMember(
	transaction: Database,
	member: NewMember,
	password: string,
): Promise<string> {
	const userId = await findOrCreateAccount(transaction, member, password);
	const membership = await transaction
		.insertInto('membership')
		.values({
			user_id: userId,
			organization_no: member.organizationNo,
			role: member.role,
			dealer_no: member.dealerNo,
			all_customers: member.customerNos === null,
		})
		.onConflict((conflict) => conflict.columns(['user_id', 'organization_no']).doNothing())
		.returning('membership_no')
		.executeTakeFirst();
	if (membership === undefined) throw fault('already_in_use', { value: member.email, where: '' });
	if (member.customerNos !== null && member.customerNos.length > 0)
		await transaction
			.insertInto('membership_customer')
			.values(
				member.customerNos.map((customerNo) => ({
					organization_no: member.organizationNo,
					membership_no: membership.membership_no,
					customer_no: customerNo,
				})),
			)
			.execute();
	return userId;
}

async function findOrCreateAccount(
	transaction: Database,
	member: NewMember,
	password: string,
): Promise<string> {
	const email = member.email.toLowerCase();
	const created = await transaction
		.insertInto('auth_user')
		.values({ id: randomUUID(), name: member.name, email, emailVerified: true })
		.onConflict((conflict) => conflict.column('email').doNothing())
		.returning('id')
		.executeTakeFirst();
	if (created === undefined) {
		const { id } = await transaction
			.selectFrom('auth_user')
			.select('id')
			.where('email', '=', email)
			.executeTakeFirstOrThrow();
		return id;
	}
	await transaction
		.insertInto('auth_account')
		.values({
			id: randomUUID(),
			userId: created.id,
			providerId: 'credential',
			accountId: created.id,
			password,
		})
		.execute();
	return created.id;
}
