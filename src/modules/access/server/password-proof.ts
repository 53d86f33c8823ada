import type { Database } from '#platform/database/connect.ts';
import { readPasswordHash } from './account/password.ts';
import { lockAccount } from './account-link.ts';
import { hasSecondFactor } from './second-factor/store.ts';

/** What somebody proved to be right while signing in. */
export interface Proof {
	readonly userId: string;
	readonly passwordHash: string | null;
	/** Whether a code of the second factor was asked for, too. */
	readonly withSecondFactor: boolean;
}

/** What a right password of this e-mail will prove; to be read before it is looked at. */
export async function readProof(database: Database, email: string): Promise<Proof | null> {
	const account = await database
		.selectFrom('auth_user as u')
		.leftJoin('auth_account as a', (join) =>
			join.onRef('a.userId', '=', 'u.id').on('a.providerId', '=', 'credential'),
		)
		.select(['u.id as userId', 'a.password as passwordHash'])
		.where('u.email', '=', email.toLowerCase())
		.executeTakeFirst();
	return account === undefined ? null : { ...account, withSecondFactor: false };
}

/**
 * Whether a proof is as good as before, after its session was opened: a change of the password, or of the second
 * factor, ends the sessions that it sees, and holds the account until it is done. So either it ended this one, or its
 * end is waited for here.
 */
export async function isStillProof(
	database: Database,
	{ userId, passwordHash, withSecondFactor }: Proof,
): Promise<boolean> {
	return database.transaction().execute(async (transaction) => {
		await lockAccount(transaction, userId);
		return (
			(await readPasswordHash(transaction, userId)) === passwordHash &&
			(withSecondFactor || !(await hasSecondFactor(transaction, userId)))
		);
	});
}
