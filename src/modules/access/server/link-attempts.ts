import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';

const windowSeconds = 15 * 60;

export interface LinkLimits {
	/** Links that can be asked for in a quarter of an hour for one account. */
	readonly perAccount: number;
	/** The same from one address, for whatever accounts. */
	readonly perAddress: number;
}

export const defaultLinkLimits: LinkLimits = { perAccount: 3, perAddress: 20 };

/**
 * Counts a request for a link, for the account and for the address from which it comes; whether the account exists
 * makes no difference. @returns seconds to wait, or null when it is allowed
 */
export async function countLinkAttempt(
	database: Database,
	email: string,
	address: string,
	limits: LinkLimits,
): Promise<number | null> {
	const waits = await Promise.all([
		count(database, `account ${email.trim().toLowerCase()}`, limits.perAccount),
		count(database, `address ${networkOf(address)}`, limits.perAddress),
	]);
	const waitSeconds = Math.max(...waits);
	return waitSeconds === 0 ? null : waitSeconds;
}

async function count(database: Database, key: string, limit: number): Promise<number> {
	const isOver = sql<boolean>`
		link_attempt.window_started_at <= now() - make_interval(secs => ${windowSeconds})`;
	const { attempts, waitSeconds } = await database
		.insertInto('link_attempt')
		.values({
			key_hash: createHash('sha256').update(key).digest(),
			attempts: 1,
			window_started_at: sql`now()`,
		})
		.onConflict((conflict) =>
			conflict.column('key_hash').doUpdateSet({
				attempts: sql`case when ${isOver} then 1 else link_attempt.attempts + 1 end`,
				window_started_at: sql`
					case when ${isOver} then now() else link_attempt.window_started_at end`,
			}),
		)
		.returning([
			'attempts',
			sql<number>`ceil(${windowSeconds} - extract(epoch from now() - window_started_at))::integer`.as(
				'waitSeconds',
			),
		])
		.executeTakeFirstOrThrow();
	return attempts > limit ? Math.max(1, waitSeconds) : 0;
}

/** An IPv6 address by its first 64 bits: one connection has all the others. */
function networkOf(address: string): string {
	if (!isIPv6(address)) return address;
	const url = `http://[${address}]`;
	const plain = URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address;
	const [head = '', tail] = plain.split('::');
	const groups = head === '' ? [] : head.split(':');
	const rest = tail === undefined || tail === '' ? [] : tail.split(':');
	const gap = Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
	return [...groups, ...(tail === undefined ? [] : gap), ...rest].slice(0, 4).join(':');
}

/** Removes counts that no longer count. */
export async function removePastAttempts(database: Database): Promise<void> {
	await sql`
		delete from link_attempt
		where window_started_at <= now() - make_interval(secs => ${windowSeconds})
	`.execute(database);
}
