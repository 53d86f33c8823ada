import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import { endOpenLinks, lockAccount } from './account-link.ts';
import { endSessions } from './store.ts';

/** Notes that an Admin read a mail: a password that is set by its link may be the Admin's. */
export async function noteMailRead(transaction: Database, mailNo: number): Promise<void> {
	await transaction
		.updateTable('account_link')
		.set({ was_read: true })
		.where('mail_no', '=', mailNo)
		.execute();
}

/**
 * To be called when an account comes to reach further: into another organization, or to a Super Admin's rights. Links
 * that were sent while it reached less end; a password that an Admin may have set is taken away, and its sessions end.
 * @returns whether the account is still, or again, to be activated
 */
export async function secureWidenedAccount(
	transaction: Database,
	userId: string,
): Promise<boolean> {
	await lockAccount(transaction, userId);
	await endOpenLinks(transaction, userId, ['activate', 'reset'], 'replaced');
	const shared = await transaction
		.updateTable('auth_user')
		.set({ emailVerified: false, is_password_shared: false, updatedAt: sql`now()` })
		.where('id', '=', userId)
		.where('is_password_shared', '=', true)
		.returning('id')
		.executeTakeFirst();
	if (shared === undefined) return !(await isActivated(transaction, userId));
	await transaction
		.updateTable('auth_account')
		.set({ password: null, updatedAt: sql`now()` })
		.where('userId', '=', userId)
		.where('providerId', '=', 'credential')
		.execute();
	await endSessions(transaction, userId);
	return true;
}

async function isActivated(database: Database, userId: string): Promise<boolean> {
	const { emailVerified } = await database
		.selectFrom('auth_user')
		.select('emailVerified')
		.where('id', '=', userId)
		.executeTakeFirstOrThrow();
	return emailVerified;
}
