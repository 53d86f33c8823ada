import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something, but no longer than this; what comes of it later is nobody's concern. */
export async function waitAtMost(patienceMs: number, ending: Promise<unknown>): Promise<void> {
	const patience = new AbortController();
	const { signal } = patience;
	ending.catch(() => {});
	try {
		await Promise.race([ending, delay(patienceMs, undefined, { signal })]);
	} finally {
		patience.abort();
	}
}
