import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { type AuditOrigin, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { type LinkPurpose, type LinkState, linkStateSentences } from '../contract.ts';
import { type AccountLink, endOpenLinks, lockAccount, readLink } from './account-link.ts';
import { linkHolder } from './link-holder.ts';
import { hashPassword } from './password-hash.ts';
import { checkPassword } from './password-rules.ts';
import { forgetAttempts } from './sign-in-attempts.ts';

export interface NewPassword {
	readonly purpose: LinkPurpose;
	readonly token: string;
	readonly password: string;
	readonly origin: AuditOrigin;
}

/**
 * Sets the password of the account to which a link came by mail. Whoever has the link reads the account's mails, so the
 * account is activated by either kind of link; all its links and sessions end.
 * @throws `link_ended`, `password_sign_in_off`, or `invalid_input` for a password that would be guessed; the link then works on
 */
export async function setPassword(
	database: Database,
	{ purpose, token, password, origin }: NewPassword,
): Promise<AccountLink> {
	const { email, organizationName } = valid(purpose, await readLink(database, purpose, token));
	checkPassword(password, { email, organizationName });
	const hash = await hashPassword(password);
	return database.transaction().execute(async (transaction) => {
		const known = valid(purpose, await readLink(transaction, purpose, token));
		await lockAccount(transaction, known.userId);
		// Whoever came first has ended it.
		const link = valid(purpose, await readLink(transaction, purpose, token));
		await storePassword(transaction, link, hash);
		await endOpenLinks(transaction, link.userId, [purpose], 'used');
		await endOpenLinks(transaction, link.userId, ['activate', 'reset'], 'replaced');
		await transaction.deleteFrom('auth_session').where('userId', '=', link.userId).execute();
		await recordAudit(transaction, linkHolder(link), origin, {
			action: purpose === 'reset' ? 'password.reset' : 'account.activate',
			subject: { kind: 'account', id: link.email },
			before: null,
			after: null,
		});
		await forgetAttempts(transaction, link.email);
		return link;
	});
}

function valid(purpose: LinkPurpose, link: AccountLink | undefined): AccountLink {
	const state: LinkState = link?.state ?? 'unknown';
	if (link === undefined || state !== 'valid')
		throw fault('link_ended', { summary: linkStateSentences[purpose][state] });
	refuseWithoutPasswords(link);
	return link;
}

/** Refuses a link to a password that would open nothing. @throws `password_sign_in_off` */
export function refuseWithoutPasswords({ insteadAt }: AccountLink): void {
	if (insteadAt !== null) throw fault('password_sign_in_off', { provider: insteadAt });
}

/** Gives an account its password, where better-auth looks for it, and marks the account as activated. */
async function storePassword(
	transaction: Database,
	{ userId, wasRead }: AccountLink,
	hash: string,
): Promise<void> {
	const changed = await transaction
		.updateTable('auth_account')
		.set({ password: hash, updatedAt: sql`now()` })
		.where('userId', '=', userId)
		.where('providerId', '=', 'credential')
		.returning('id')
		.execute();
	if (changed.length === 0)
		await transaction
			.insertInto('auth_account')
			.values({
				id: randomUUID(),
				userId,
				providerId: 'credential',
				accountId: userId,
				password: hash,
			})
			.execute();
	await transaction
		.updateTable('auth_user')
		.set({ emailVerified: true, is_password_shared: wasRead, updatedAt: sql`now()` })
		.where('id', '=', userId)
		.execute();
}
