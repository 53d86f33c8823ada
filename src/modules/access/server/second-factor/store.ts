import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';

/** Tries in a row that cost nothing; each further one doubles the wait. */
const freeTries = 5;
const firstWaitSeconds = 60;
const longestWaitSeconds = 3600;

export interface SecondFactorRow {
	readonly secret: Buffer;
	readonly isConfirmed: boolean;
	/** Of the app to which it is to move; null where it is not. */
	readonly nextSecret: Buffer | null;
}

export async function readSecondFactor(
	database: Database,
	userId: string,
): Promise<SecondFactorRow | undefined> {
	return database
		.selectFrom('second_factor')
		.select([
			'secret',
			'next_secret as nextSecret',
			sql<boolean>`confirmed_at is not null`.as('isConfirmed'),
		])
		.where('user_id', '=', userId)
		.executeTakeFirst();
}

export async function hasSecondFactor(database: Database, userId: string): Promise<boolean> {
	return (await readSecondFactor(database, userId))?.isConfirmed ?? false;
}

export async function countRecoveryCodes(database: Database, userId: string): Promise<number> {
	const { left } = await database
		.selectFrom('recovery_code')
		.select(sql<number>`count(*)::integer`.as('left'))
		.where('user_id', '=', userId)
		.executeTakeFirstOrThrow();
	return left;
}

/** Keeps a secret that no code has proven yet. @returns false where another is in force */
export async function keepUnconfirmed(
	database: Database,
	userId: string,
	secret: Buffer,
): Promise<boolean> {
	const kept = await database
		.insertInto('second_factor')
		.values({ user_id: userId, secret })
		.onConflict((conflict) =>
			conflict
				.column('user_id')
				.doUpdateSet({ secret, last_step: null, failures: 0, blocked_until: null })
				.where('second_factor.confirmed_at', 'is', null),
		)
		.returning('user_id')
		.executeTakeFirst();
	return kept !== undefined;
}

/** Keeps the secret of the app to which a second factor in force is to move. @returns false where none is in force */
export async function keepNext(
	database: Database,
	userId: string,
	secret: Buffer,
): Promise<boolean> {
	const kept = await database
		.updateTable('second_factor')
		.set({ next_secret: secret })
		.where('user_id', '=', userId)
		.where('confirmed_at', 'is not', null)
		.returning('user_id')
		.executeTakeFirst();
	return kept !== undefined;
}

/** Puts a kept secret in force. @returns false where it is already, or another one was kept meanwhile */
export async function confirmSecret(
	transaction: Database,
	userId: string,
	secret: Buffer,
	step: number,
): Promise<boolean> {
	const confirmed = await transaction
		.updateTable('second_factor')
		.set({
			secret,
			next_secret: null,
			confirmed_at: sql`now()`,
			last_step: step,
			failures: 0,
			blocked_until: null,
		})
		.where('user_id', '=', userId)
		.where((eb) =>
			eb.or([
				eb('next_secret', '=', secret),
				eb.and([eb('secret', '=', secret), eb('confirmed_at', 'is', null)]),
			]),
		)
		.returning('user_id')
		.executeTakeFirst();
	return confirmed !== undefined;
}

export async function replaceRecoveryCodes(
	transaction: Database,
	userId: string,
	hashes: readonly Buffer[],
): Promise<void> {
	await transaction.deleteFrom('recovery_code').where('user_id', '=', userId).execute();
	await transaction
		.insertInto('recovery_code')
		.values(hashes.map((hash) => ({ user_id: userId, code_hash: hash })))
		.execute();
}

/**
 * Counts a try before its code is looked at, so that tries side by side count too. From the sixth in a row on there is
 * a wait, a minute and doubling to an hour: guessing six digits takes centuries then (NIST SP 800-63B-4, 3.2.2).
 * @returns seconds to wait, or null when the try is allowed
 */
export async function countCodeTry(database: Database, userId: string): Promise<number | null> {
	const allowed = await database
		.updateTable('second_factor')
		.set({
			failures: sql`failures + 1`,
			blocked_until: sql`case when failures + 1 >= ${freeTries}::integer then now() + make_interval(
				secs => least(${firstWaitSeconds} * 2.0 ^ least(failures + 1 - ${freeTries}::integer, 20), ${longestWaitSeconds})
			) end`,
		})
		.where('user_id', '=', userId)
		.where(sql<boolean>`coalesce(blocked_until <= now(), true)`)
		.returning('user_id')
		.executeTakeFirst();
	if (allowed !== undefined) return null;
	const { waitSeconds } = await database
		.selectFrom('second_factor')
		.select(sql<number>`ceil(extract(epoch from blocked_until - now()))::integer`.as('waitSeconds'))
		.where('user_id', '=', userId)
		.executeTakeFirstOrThrow();
	return Math.max(1, waitSeconds);
}

/** Takes the code of a time step. @returns false where it, or a later one, was taken before */
export async function takeStep(database: Database, userId: string, step: number): Promise<boolean> {
	const taken = await database
		.updateTable('second_factor')
		.set({ last_step: step, failures: 0, blocked_until: null })
		.where('user_id', '=', userId)
		.where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
		.returning('user_id')
		.executeTakeFirst();
	return taken !== undefined;
}

/** Takes a recovery code. @returns false where there is none such, or it was taken before */
export async function takeRecoveryCode(
	database: Database,
	userId: string,
	hash: Buffer,
): Promise<boolean> {
	const taken = await database
		.deleteFrom('recovery_code')
		.where('user_id', '=', userId)
		.where('code_hash', '=', hash)
		.returning('user_id')
		.executeTakeFirst();
	if (taken === undefined) return false;
	await database
		.updateTable('second_factor')
		.set({ failures: 0, blocked_until: null })
		.where('user_id', '=', userId)
		.execute();
	return true;
}

/**
 * Takes an account's second factor and recovery codes away, for somebody who lost both. Belongs into the transaction
 * that audits it. @returns whether there was one in force
 */
export async function resetSecondFactor(transaction: Database, userId: string): Promise<boolean> {
	const removed = await transaction
		.deleteFrom('second_factor')
		.where('user_id', '=', userId)
		.returning(sql<boolean>`confirmed_at is not null`.as('wasOn'))
		.executeTakeFirst();
	return removed?.wasOn ?? false;
}
