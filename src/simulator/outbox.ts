/**
 * Messages not yet acknowledged, oldest first. It holds at most `capacity`; one more pushes the oldest out, as in a
 * device whose memory is full.
 */
export class Outbox {
	readonly #messages = new Map<number, string>();
	readonly #inFlight = new Set<number>();
	readonly #capacity: number;
	#next = 0;

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	get size(): number {
		return this.#messages.size;
	}

	/** @returns whether an older message was pushed out */
	put(message: string): boolean {
		this.#messages.set(this.#next++, message);
		if (this.#messages.size <= this.#capacity) return false;
		const [oldest] = this.#messages.keys();
		if (oldest !== undefined) this.acknowledge(oldest);
		return true;
	}

	/** Takes the oldest messages that are not in flight, until `window` are, and counts them as in flight. */
	take(window: number): { readonly number: number; readonly message: string }[] {
		const taken: { number: number; message: string }[] = [];
		for (const [number, message] of this.#messages) {
			if (this.#inFlight.size >= window) break;
			if (this.#inFlight.has(number)) continue;
			this.#inFlight.add(number);
			taken.push({ number, message });
		}
		return taken;
	}

	acknowledge(number: number): void {
		this.#messages.delete(number);
		this.#inFlight.delete(number);
	}

	/** The connection is gone: everything unacknowledged has to be sent again. */
	rewind(): void {
		this.#inFlight.clear();
	}
}
