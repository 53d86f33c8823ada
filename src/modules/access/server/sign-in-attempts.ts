import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';

const windowSeconds = 60;

/**
 * Counts a try to sign in to an account before its password is looked at, so that tries side by side count too.
 * Whether the account exists makes no difference. @returns seconds to wait, or null when the try is allowed
 */
export async function countAttempt(
	database: Database,
	email: string,
	limit: number,
): Promise<number | null> {
	const isOver = sql<boolean>`
		sign_in_attempt.window_started_at <= now() - make_interval(secs => ${windowSeconds})`;
	const { attempts, waitSeconds } = await database
		.insertInto('sign_in_attempt')
		.values({ email_hash: hashOf(email), attempts: 1, window_started_at: sql`now()` })
		.onConflict((conflict) =>
			conflict.column('email_hash').doUpdateSet({
				attempts: sql`case when ${isOver} then 1 else sign_in_attempt.attempts + 1 end`,
				window_started_at: sql`
					case when ${isOver} then now() else sign_in_attempt.window_started_at end`,
			}),
		)
		.returning([
			'attempts',
			sql<number>`ceil(${windowSeconds} - extract(epoch from now() - window_started_at))::integer`.as(
				'waitSeconds',
			),
		])
		.executeTakeFirstOrThrow();
	return attempts > limit ? Math.max(1, waitSeconds) : null;
}

/** Forgets the tries of an account once somebody signed in to it, and those of any account that no longer count. */
export async function forgetAttempts(database: Database, email: string): Promise<void> {
	await sql`
		delete from sign_in_attempt where email_hash in (
			select email_hash from sign_in_attempt
			where email_hash = ${hashOf(email)}
				or window_started_at <= now() - make_interval(secs => ${windowSeconds})
			for update skip locked
		)
	`.execute(database);
}

/** What an account is known by where its e-mail is not kept. */
export function hashOf(email: string): Buffer {
	return createHash('sha256').update(email.trim().toLowerCase()).digest();
}
