import type { Clock } from '#platform/clock.ts';

/** Failures of one device from one address that cost nothing: a person mistypes, a device is renewed. */
const freeFailures = 3;
/** Failures of one address that cost nothing, whoever it claims to be: a fleet behind it has some broken devices. */
const freeFailuresOfAddress = 100;
const firstDelayMs = 250;
const longestDelayMs = 30_000;
/** A failure is forgotten after this long without another. */
const memoryMs = 10 * 60_000;
/** Sources remembered; beyond, the oldest are forgotten, so that an attacker cannot fill the memory. */
const maxSources = 10_000;

/** How long the answer to the next failed attempt waits after so many failures: doubling, bounded. */
export function refusalDelayMs(failures: number, free = freeFailures): number {
	if (failures <= free) return 0;
	return Math.min(firstDelayMs * 2 ** (failures - free - 1), longestDelayMs);
}

/**
 * Counts failed sign-ins of each device from each address, and of each address. Only answers to failures wait, so that
 * good devices behind the same address notice nothing.
 */
export class FailedAttempts {
	readonly #clock: Clock;
	readonly #failures = new Map<string, { count: number; atMs: number }>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Notes a failure. @returns how long its answer waits */
	failed(address: string, deviceId: string): number {
		return Math.max(
			refusalDelayMs(this.#count(sourceOf(address, deviceId))),
			refusalDelayMs(this.#count(address), freeFailuresOfAddress),
		);
	}

	succeeded(address: string, deviceId: string): void {
		this.#failures.delete(sourceOf(address, deviceId));
	}

	#count(source: string): number {
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
		return count;
	}
}

function sourceOf(address: string, deviceId: string): string {
	return `${address} ${deviceId.slice(0, 64)}`;
}
