import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { lockAccount } from '../account-link.ts';
import { hashPassword, verifyPassword } from '../password-hash.ts';
import { checkPassword } from '../password-rules.ts';
import { countAttempt, forgetAttempts } from '../sign-in-attempts.ts';
import { endOtherSessions } from './sessions.ts';

/** Hash of an account's password; null for one that signs in elsewhere only. */
export async function readPasswordHash(database: Database, userId: string): Promise<string | null> {
	const account = await database
		.selectFrom('auth_account')
		.select('password')
		.where('userId', '=', userId)
		.where('providerId', '=', 'credential')
		.executeTakeFirst();
	return account?.password ?? null;
}

/**
 * Makes sure that it is the person, and not somebody at an open browser. Tries count like those to sign in.
 * @param field of the form in which the password was typed
 * @throws `too_many_requests`, `invalid_input`
 */
export async function requirePassword(
	database: Database,
	{ principal }: Actor,
	triesPerAccount: number,
	{ field, password }: { readonly field: string; readonly password: string },
): Promise<void> {
	const retryAfterSeconds = await countAttempt(database, principal.email, triesPerAccount);
	if (retryAfterSeconds !== null) throw fault('too_many_requests', { retryAfterSeconds });
	const hash = await readPasswordHash(database, principal.userId);
	if (hash === null || !(await verifyPassword({ hash, password }))) {
		const message = 'This is not your password. Check it and try again.';
		throw fault('invalid_input', { summary: message }, [{ path: `body.${field}`, message }]);
	}
	await forgetAttempts(database, principal.email);
}

/**
 * Changes the password of the person who asks, whose current one was looked at before. Other sessions end: whoever knew
 * the old password is out.
 */
export async function changePassword(
	database: Database,
	{ principal, origin }: Actor,
	sessionId: string,
	password: string,
): Promise<void> {
	const { userId, email, organization } = principal;
	checkPassword(password, { email, organizationName: organization.name });
	const hash = await hashPassword(password);
	await database.transaction().execute(async (transaction) => {
		await lockAccount(transaction, userId);
		await transaction
			.updateTable('auth_account')
			.set({ password: hash, updatedAt: sql`now()` })
			.where('userId', '=', userId)
			.where('providerId', '=', 'credential')
			.execute();
		await transaction
			.updateTable('auth_user')
			.set({ is_password_shared: false })
			.where('id', '=', userId)
			.execute();
		await endOtherSessions(transaction, principal, sessionId);
		await recordAudit(transaction, principal, origin, {
			action: 'account.change_password',
			subject: { kind: 'account', id: email },
			before: null,
			after: null,
		});
	});
}
