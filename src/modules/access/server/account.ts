import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import { hashPassword } from './password-hash.ts';

export interface NewAccount {
	readonly email: string;
	readonly name: string;
	/** For a new account; one that exists keeps its own. Null: it gets one by its activation. */
	readonly password: string | null;
}

/**
 * The account of an e-mail, new if there was none. An account that exists costs as much time as a new one, so that
 * nobody learns by the time whether it does. @returns its id
 */
export async function findOrCreateAccount(
	transaction: Database,
	{ email, name, password }: NewAccount,
): Promise<string> {
	const hash = password === null ? null : await hashPassword(password);
	const address = email.toLowerCase();
	const { rows } = await sql<{ id: string }>`
		with account as (
			insert into auth_user ("id", "name", "email", "emailVerified")
			values (${randomUUID()}, ${name}, ${address}, ${hash !== null})
			on conflict ("email") do nothing
			returning "id"
		), credential as (
			insert into auth_account ("id", "userId", "providerId", "accountId", "password")
			select ${randomUUID()}, "id", 'credential', "id", ${hash} from account
			where ${hash}::text is not null
		)
		select "id" from account union all select "id" from auth_user where "email" = ${address}`.execute(
		transaction,
	);
	const [account] = rows;
	if (account === undefined) throw new Error('an account was created by somebody else meanwhile');
	return account.id;
}

/** Deletes an account with its sessions, for somebody who belongs to no organization any more. */
export async function deleteAccount(transaction: Database, userId: string): Promise<void> {
	await transaction.deleteFrom('auth_user').where('id', '=', userId).execute();
}
