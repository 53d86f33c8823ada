import type { Log } from '#platform/log.ts';
import { type DatabasePool, isUnavailable } from './connect.ts';

const probeIntervalMs = 1_000;
const probePatienceMs = 2_000;
/** Without an answer for this long the database counts as down; a hiccup does not. */
const downAfterMs = 3_000;

export interface DatabaseHealthOptions {
	readonly pool: DatabasePool;
	readonly log: Log;
}

export interface DatabaseHealth {
	/** False while the database has not answered for some seconds. */
	isUp(): boolean;
	/** Tells what somebody else's work with the database came to: an error, or null when it succeeded. */
	report(error: unknown): void;
	/** Begins to probe. Until then, and until proved otherwise, the database counts as up. */
	start(): void;
	stop(): void;
}

/**
 * Watches the database: a small query each second, and what others report of their work with it. While it is down, what
 * waits for an answer from the pool's connections fails, since one that hangs would let it wait for ever.
 */
export function createDatabaseHealth({ pool, log }: DatabaseHealthOptions): DatabaseHealth {
	let isUp = true;
	let answeredAtMs = performance.now();
	let timer: NodeJS.Timeout | null = null;

	function report(error: unknown): void {
		const nowMs = performance.now();
		// An error that the database itself answers with shows that it is there.
		if (error === null || !isUnavailable(error)) {
			answeredAtMs = nowMs;
			if (!isUp) log.info('the database answers again');
			isUp = true;
		} else if (nowMs - answeredAtMs >= downAfterMs) {
			if (isUp) log.error({ err: error }, 'the database does not answer');
			isUp = false;
			pool.giveUpWaiting();
		}
	}

	async function probe(): Promise<void> {
		try {
			await withinPatience(pool.query('select 1'));
			report(null);
		} catch (error) {
			report(error);
		}
	}

	async function probeAgainAndAgain(): Promise<void> {
		await probe();
		if (timer !== null) timer = setTimeout(probeAgainAndAgain, probeIntervalMs);
	}

	return {
		isUp: () => isUp,
		report,
		start() {
			answeredAtMs = performance.now();
			timer = setTimeout(probeAgainAndAgain, probeIntervalMs);
		},
		stop() {
			if (timer !== null) clearTimeout(timer);
			timer = null;
		},
	};
}

async function withinPatience(query: Promise<unknown>): Promise<void> {
	const { promise, reject } = Promise.withResolvers<never>();
	const patience = setTimeout(
		() => reject(new Error('timeout: no answer from the database')),
		probePatienceMs,
	);
	query.catch(() => {});
	try {
		await Promise.race([query, promise]);
	} finally {
		clearTimeout(patience);
	}
}
