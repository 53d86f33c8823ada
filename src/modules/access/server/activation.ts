import type { Database } from '#platform/database/connect.ts';

/** Somebody who was made a member of an organization. */
export interface Invitation {
	readonly userId: string;
	readonly organizationNo: number;
	/** Host name under which the organization was reached. */
	readonly host: string;
}

/** Invites somebody to an organization, as part of the transaction that made them a member. */
export async function sendActivation(
	_transaction: Database,
	_invitation: Invitation,
): Promise<void> {}
