import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import { countTry, type TryCounter } from './counted-tries.ts';

const counter = {
	table: 'sign_in_attempt',
	key: 'email_hash',
	windowSeconds: 60,
} as const satisfies TryCounter;

/**
 * Counts a try to sign in to an account before its password is looked at, so that tries side by side count too.
 * Whether the account exists makes no difference. @returns seconds to wait, or null when the try is allowed
 */
export function countAttempt(
	database: Database,
	email: string,
	limit: number,
): Promise<number | null> {
	return countTry(database, counter, hashOf(email), limit);
}

/** Forgets the tries of an account once somebody signed in to it, and those of any account that no longer count. */
export async function forgetAttempts(database: Database, email: string): Promise<void> {
	await sql`
		delete from sign_in_attempt where email_hash in (
			select email_hash from sign_in_attempt
			where email_hash = ${hashOf(email)}
				or window_started_at <= now() - make_interval(secs => ${counter.windowSeconds})
			for update skip locked
		)
	`.execute(database);
}

/** What an account is known by where its e-mail is not kept. */
export function hashOf(email: string): Buffer {
	return createHash('sha256').update(email.trim().toLowerCase()).digest();
}
