/** What a device may save up for a burst, in seconds of its rate. */
const burstSeconds = 10;
/** Devices remembered before those that have nothing owing are forgotten. */
const sweepAt = 20_000;

/**
 * Bounds how fast each device sends, over all its connections: a bucket of tokens as the instant at which it will be
 * full again (the generic cell rate algorithm), so that a device costs one number.
 */
export class MessageRates {
	readonly #intervalMs: number;
	readonly #burstMs = burstSeconds * 1_000;
	readonly #nowMs: () => number;
	#fullAtMs = new Map<number, number>();
	#sweepAt = sweepAt;

	/** @param nowMs a clock that is never set, else a device could be silenced by it */
	constructor(messagesPerSecond: number, nowMs: () => number = () => performance.now()) {
		this.#intervalMs = 1_000 / messagesPerSecond;
		this.#nowMs = nowMs;
	}

	/**
	 * Counts a message that has come in already.
	 * @returns milliseconds for which nothing more should be read from the device; 0 while it keeps to its rate
	 */
	count(deviceNo: number): number {
		const nowMs = this.#nowMs();
		const fullAtMs = Math.max(this.#fullAtMs.get(deviceNo) ?? 0, nowMs) + this.#intervalMs;
		this.#fullAtMs.set(deviceNo, fullAtMs);
		if (this.#fullAtMs.size > this.#sweepAt) this.#sweep(nowMs);
		return Math.max(0, fullAtMs - nowMs - this.#burstMs);
	}

	/** Counts a message if the device may send one now. @returns 0, or the milliseconds after which it may */
	admit(deviceNo: number): number {
		const nowMs = this.#nowMs();
		const fullAtMs = Math.max(this.#fullAtMs.get(deviceNo) ?? 0, nowMs) + this.#intervalMs;
		const waitMs = fullAtMs - nowMs - this.#burstMs;
		return waitMs > 0 ? waitMs : this.count(deviceNo);
	}

	/** Forgets the devices whose buckets are full: a new one is the same. */
	#sweep(nowMs: number): void {
		for (const [deviceNo, fullAtMs] of this.#fullAtMs)
			if (fullAtMs <= nowMs) this.#fullAtMs.delete(deviceNo);
		this.#sweepAt = Math.max(sweepAt, 2 * this.#fullAtMs.size);
	}
}
