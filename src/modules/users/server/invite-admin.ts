import type { Invitation } from '#modules/access/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { usualUserAccount } from '../contract.ts';
import { insertMembership } from './membership.ts';

/** Who is to look after an organization. */
export interface NewAdmin {
	readonly organizationNo: number;
	readonly email: string;
	readonly name: string | null;
	/** Host that was asked, with or without a port. */
	readonly host: string;
}

/**
 * Makes somebody an Admin of an organization, with all of its customers, and sends the invitation, as part of the
 * transaction. @returns the account's id
 * @throws `already_in_use` for a member of the organization
 */
export async function inviteAdmin(
	transaction: Database,
	sendActivation: (transaction: Database, invitation: Invitation) => Promise<unknown>,
	{ organizationNo, email, name, host }: NewAdmin,
): Promise<string> {
	const { userId } = await insertMembership(
		transaction,
		{
			organizationNo,
			email,
			name,
			role: 'admin',
			misRole: 'user',
			userAccount: usualUserAccount,
			dealerNo: null,
			customerNos: null,
		},
		null,
	);
	await sendActivation(transaction, { userId, organizationNo, host });
	return userId;
}
