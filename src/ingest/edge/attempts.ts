import type { Clock } from '#platform/clock.ts';

/** Failures that cost nothing: a person mistypes, a device is renewed. */
export const freeFailures = 3;
const firstDelayMs = 250;
const longestDelayMs = 30_000;
/** A failure is forgotten after this long without another. */
const memoryMs = 10 * 60_000;
/** Sources remembered; beyond, the oldest are forgotten, so that an attacker cannot fill the memory. */
const maxSources = 10_000;

/** How long the answer to the next failed attempt waits after so many failures: doubling, bounded. */
export function refusalDelayMs(failures: number): number {
	if (failures <= freeFailures) return 0;
	return Math.min(firstDelayMs * 2 ** (failures - freeFailures - 1), longestDelayMs);
}

/** Counts failed sign-ins by source (an address, or an address with a device id). */
export class FailedAttempts {
	readonly #clock: Clock;
	readonly #failures = new Map<string, { count: number; atMs: number }>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Notes a failure. @returns how long its answer waits */
	failed(source: string): number {
		const nowMs = this.#clock();
		const before = this.#failures.get(source);
		const count = before !== undefined && nowMs - before.atMs < memoryMs ? before.count + 1 : 1;
		this.#failures.delete(source);
		this.#failures.set(source, { count, atMs: nowMs });
		if (this.#failures.size > maxSources)
			for (const oldest of this.#failures.keys()) {
				this.#failures.delete(oldest);
				break;
			}
		return refusalDelayMs(count);
	}

	succeeded(source: string): void {
		this.#failures.delete(source);
	}
}
