/**
 * Numbers that look random and are always the same for one seed: Mulberry32, published by Tommy Ettinger into the public
 * domain.
 */
export class Draws {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** The next number, from 0 to below 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	between(low: number, high: number): number {
		return low + (high - low) * this.next();
	}

	isTrue(chance: number): boolean {
		return this.next() < chance;
	}

	/** A seed for draws of their own. */
	seed(): number {
		return Math.floor(this.next() * 2 ** 32);
	}
}

/** Makes one seed of several numbers. */
export function seedOf(...parts: readonly number[]): number {
	let seed = 0x9e3779b9;
	for (const part of parts) seed = new Draws(seed ^ Math.trunc(part)).seed();
	return seed;
}
