import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import { countTry, type TryCounter } from './counted-tries.ts';

const counter = {
	table: 'link_attempt',
	key: 'key_hash',
	windowSeconds: 15 * 60,
} as const satisfies TryCounter;

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
	const waitSeconds = Math.max(...waits.map((wait) => wait ?? 0));
	return waitSeconds === 0 ? null : waitSeconds;
}

function count(database: Database, key: string, limit: number): Promise<number | null> {
	return countTry(database, counter, createHash('sha256').update(key).digest(), limit);
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
		where window_started_at <= now() - make_interval(secs => ${counter.windowSeconds})
	`.execute(database);
}
