import { rateSpanMinutes, rateSpans } from '../contract.ts';

const spanMs = rateSpanMinutes * 60_000;
const mostPerSpan = 0xffff;
const firstCapacity = 1_024;

/**
 * How many messages each device sent in the last hour: 28 bytes and a place in a map for each device that speaks. A
 * device that has been silent for an hour takes none.
 */
export class MessageRates {
	readonly #slots = new Map<number, number>();
	readonly #free: number[] = [];
	#counts = new Uint16Array(firstCapacity * rateSpans);
	/** Of each slot, the span of its newest message. */
	#spans = new Int32Array(firstCapacity);

	count(deviceNo: number, atMs: number): void {
		const span = spanAt(atMs);
		let slot = this.#slots.get(deviceNo);
		if (slot === undefined) slot = this.#newSlot(deviceNo, span);
		else if (span > this.#spans[slot]!) this.#advance(slot, span);
		const place = slot * rateSpans + (span % rateSpans);
		if (span === this.#spans[slot] && this.#counts[place]! < mostPerSpan) this.#counts[place]!++;
	}

	/** Messages in each span of the last hour, oldest first. */
	series(deviceNo: number, nowMs: number): number[] {
		const now = spanAt(nowMs);
		const slot = this.#slots.get(deviceNo);
		return Array.from({ length: rateSpans }, (_, place) => {
			const span = now - rateSpans + 1 + place;
			if (slot === undefined || span > this.#spans[slot]!) return 0;
			if (span <= this.#spans[slot]! - rateSpans) return 0;
			return this.#counts[slot * rateSpans + (span % rateSpans)] ?? 0;
		});
	}

	/** Forgets devices that have been silent for an hour. */
	sweep(nowMs: number): void {
		const oldest = spanAt(nowMs) - rateSpans;
		for (const [deviceNo, slot] of this.#slots) {
			if (this.#spans[slot]! > oldest) continue;
			this.#slots.delete(deviceNo);
			this.#free.push(slot);
		}
	}

	/** Devices of which counts are kept. */
	get size(): number {
		return this.#slots.size;
	}

	#newSlot(deviceNo: number, span: number): number {
		const slot = this.#free.pop() ?? this.#slots.size;
		if (slot >= this.#spans.length) this.#grow();
		this.#counts.fill(0, slot * rateSpans, (slot + 1) * rateSpans);
		this.#spans[slot] = span;
		this.#slots.set(deviceNo, slot);
		return slot;
	}

	/** Empties the spans between a slot's newest and the one that begins. */
	#advance(slot: number, span: number): void {
		const first = Math.max(this.#spans[slot]! + 1, span - rateSpans + 1);
		for (let each = first; each <= span; each++)
			this.#counts[slot * rateSpans + (each % rateSpans)] = 0;
		this.#spans[slot] = span;
	}

	#grow(): void {
		const counts = new Uint16Array(this.#counts.length * 2);
		counts.set(this.#counts);
		this.#counts = counts;
		const spans = new Int32Array(this.#spans.length * 2);
		spans.set(this.#spans);
		this.#spans = spans;
	}
}

function spanAt(atMs: number): number {
	return Math.floor(atMs / spanMs);
}
