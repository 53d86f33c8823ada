import { sql } from 'kysely';
import { Fault, fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { lockCustomers, lockDealers } from '#modules/customers/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { countAll } from '#platform/database/count-listed.ts';
import type { UserEdit } from '../contract.ts';
import type { Member } from './rules.ts';
import { isActiveMember } from './store.ts';

/**
 * Refuses who lost in the meantime what the request was admitted by; to be asked under the lock of the memberships. A
 * Super Admin may act in an organization without belonging to it.
 * @throws `not_permitted`
 */
export async function requireStanding(
	transaction: Database,
	{ userId, role, scope }: Principal,
): Promise<void> {
	const { rows } = await sql`
		select from membership where user_id = ${userId} and role = ${role} and all_customers
			and (organization_no = ${scope.organizationNo} or role = 'super_admin')`.execute(transaction);
	if (rows.length === 0) throw fault('not_permitted');
}

/** A user of the organization, kept from others until the transaction ends. @throws `not_found` */
export async function lockMember(
	transaction: Database,
	organizationNo: number,
	userNo: number,
): Promise<Member & UserEdit> {
	const { rows } = await sql<Member & UserEdit>`
		select m.user_id as "userId", u.email, m.name, m.role, m.mis_role as "misRole",
			m.user_account as "userAccount", m.dealer_no as "dealerNo",
			case when not m.all_customers then array(
				select c.customer_no from membership_customer n join v_customer c on c.customer_no = n.customer_no
				where n.membership_no = m.membership_no order by c.customer_no
			) end as "customerNos",
			${isActiveMember} as "isActive"
		from membership m join v_account_email u on u.user_id = m.user_id
		where m.membership_no = ${userNo} and m.organization_no = ${organizationNo}
		for update of m`.execute(transaction);
	const [member] = rows;
	if (member === undefined) throw fault('not_found', { thing: 'user' });
	return member;
}

/** How many besides this user can look after all of the organization; the same rule as `keepsOrganization`. */
export function countOtherKeepers(
	transaction: Database,
	organizationNo: number,
	userNo: number,
): Promise<number> {
	return countAll(
		transaction,
		sql`select from membership m
			where m.organization_no = ${organizationNo} and m.membership_no <> ${userNo}
				and m.role in ('super_admin', 'admin') and m.all_customers and ${isActiveMember}`,
	);
}

/**
 * Keeps a dealer and customers of the organization in place until the transaction ends, and refuses such as it does not
 * have.
 * @param path where in the body they stand
 * @throws `invalid_input`
 */
export async function requireOwn(
	transaction: Database,
	organizationNo: number,
	{ dealerNo, customerNos }: Pick<UserEdit, 'dealerNo' | 'customerNos'>,
	path: string,
): Promise<void> {
	if (dealerNo !== null)
		await orRefuse(
			lockDealers(transaction, organizationNo, [dealerNo]),
			`${path}.dealerNo`,
			'There is no such dealer. Choose another.',
		);
	if (customerNos !== null)
		await orRefuse(
			lockCustomers(transaction, organizationNo, customerNos),
			`${path}.customerNos`,
			'One of these customers is not there any more. Choose again.',
		);
}

async function orRefuse(locked: Promise<void>, path: string, message: string): Promise<void> {
	try {
		await locked;
	} catch (error) {
		if (!(error instanceof Fault) || error.code !== 'not_found') throw error;
		throw fault('invalid_input', { summary: message }, [{ path, message }]);
	}
}
