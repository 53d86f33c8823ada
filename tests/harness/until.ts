import { setTimeout as delay } from 'node:timers/promises';

const intervalMs = 20;
/** Longer than anything that comes takes, also on a busy machine. */
const usualPatienceMs = 20_000;

/** Repeats a check until it no longer throws. @throws what it threw last, when time is up */
export async function until<T>(
	check: () => T | Promise<T>,
	patienceMs = usualPatienceMs,
): Promise<T> {
	const giveUpAtMs = performance.now() + patienceMs;
	for (;;) {
		try {
			return await check();
		} catch (error) {
			if (performance.now() > giveUpAtMs) throw error;
			await delay(intervalMs);
		}
	}
}
