import { setTimeout as delay } from 'node:timers/promises';

const intervalMs = 20;

/** Repeats a check until it no longer throws. @throws what it threw last, when time is up */
export async function until<T>(check: () => T | Promise<T>, patienceMs: number): Promise<T> {
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
