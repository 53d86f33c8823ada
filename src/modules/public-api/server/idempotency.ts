import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { tracedCommandSchema } from '#modules/commands/contract.ts';
import type { RepeatGuard } from '#modules/commands/server/index.ts';
import type { Database } from '#platform/database/connect.ts';

/** How long a reply is kept for repeats. */
const keptHours = 24;
/** First half of the advisory locks by which two requests with one key are told apart. */
const lockSeed = 7_203_422;

/** What makes a request itself, besides its key. */
export interface KeyedRequest {
	readonly tokenNo: number;
	readonly key: string;
	/** Everything that it asks for. */
	readonly content: readonly unknown[];
}

/**
 * Recognises repeats of a request by its key. Reply and write are one transaction: after a crash in between neither is
 * there, and the repeat is the first again. A request that was refused changed nothing and is not remembered.
 * @throws `idempotency_in_progress`, `idempotency_key_reused` from `earlier`
 */
export function repeatGuard({ tokenNo, key, content }: KeyedRequest): RepeatGuard {
	const hash = createHash('sha256').update(JSON.stringify(content)).digest();
	return {
		async earlier(transaction) {
			if (!(await lockKey(transaction, tokenNo, key))) throw fault('idempotency_in_progress');
			const row = await transaction
				.selectFrom('api_idempotency')
				.select(['request_hash', 'reply'])
				.where('token_no', '=', tokenNo)
				.where('key', '=', key)
				.where('created_at', '>', sql<Date>`now() - make_interval(hours => ${keptHours})`)
				.executeTakeFirst();
			if (row === undefined) return null;
			if (!hash.equals(row.request_hash)) throw fault('idempotency_key_reused');
			return tracedCommandSchema.parse(row.reply);
		},
		async keep(transaction, answer) {
			const values = { request_hash: hash, reply: JSON.stringify(answer) };
			await transaction
				.insertInto('api_idempotency')
				.values({ token_no: tokenNo, key, ...values })
				.onConflict((conflict) =>
					conflict.columns(['token_no', 'key']).doUpdateSet({ ...values, created_at: sql`now()` }),
				)
				.execute();
		},
	};
}

/** Keeps a key from other requests until the transaction ends. @returns false while another one has it */
async function lockKey(transaction: Database, tokenNo: number, key: string): Promise<boolean> {
	const { rows } = await sql<{ locked: boolean }>`
		select pg_try_advisory_xact_lock(hashtextextended(${`${tokenNo}:${key}`}, ${lockSeed})) as locked
	`.execute(transaction);
	return rows[0]?.locked ?? false;
}

/** Removes replies that no repeat is answered with any more. */
export async function removeOldReplies(database: Database): Promise<void> {
	await sql`
		delete from api_idempotency where created_at <= now() - make_interval(hours => ${keptHours})
	`.execute(database);
}
