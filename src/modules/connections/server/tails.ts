import type { DeviceReceived } from '#ingest/edge/observer.ts';
import type { Clock } from '#platform/clock.ts';
import { type TailMessage, tailBodyBytes, tailLength } from '../contract.ts';

/** A page that is opened again within this time finds what it showed before. */
const keptAfterMs = 10 * 60_000;
/** Devices that are followed at once, by all pages together. */
const maxTails = 500;

type Listener = (messages: readonly TailMessage[]) => void;

interface Tail {
	/** Oldest first. */
	readonly messages: TailMessage[];
	readonly listeners: Set<Listener>;
	newestNo: number;
	/** What listeners have been told of. */
	toldNo: number;
	/** When the last listener went; null while there is one. */
	leftAtMs: number | null;
}

/** The last messages of the devices that somebody follows. A device that nobody follows costs one look-up a message. */
export class Tails {
	readonly #clock: Clock;
	readonly #tails = new Map<number, Tail>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	received({ deviceNo, transport, topic, body, atMs }: DeviceReceived): void {
		const tail = this.#tails.get(deviceNo);
		if (tail === undefined) return;
		tail.newestNo++;
		tail.messages.push({
			no: tail.newestNo,
			atMs,
			transport,
			topic: topic.slice(0, 256),
			body: body.subarray(0, tailBodyBytes).toString('base64'),
			sizeBytes: body.length,
		});
		if (tail.messages.length > tailLength) tail.messages.shift();
	}

	/** Begins to follow a device, with what is kept of it. @returns the end of it */
	follow(deviceNo: number, listener: Listener): () => void {
		const tail = this.#tails.get(deviceNo) ?? this.#newTail(deviceNo);
		tail.listeners.add(listener);
		tail.leftAtMs = null;
		const told = tail.messages.filter(({ no }) => no <= tail.toldNo);
		if (told.length > 0) listener(told);
		return () => {
			tail.listeners.delete(listener);
			if (tail.listeners.size === 0) tail.leftAtMs = this.#clock();
		};
	}

	/** Tells listeners what came since the last time, and forgets tails that nobody has followed for a while. */
	flush(): void {
		const nowMs = this.#clock();
		for (const [deviceNo, tail] of this.#tails) {
			if (tail.leftAtMs !== null && nowMs - tail.leftAtMs > keptAfterMs) {
				this.#tails.delete(deviceNo);
				continue;
			}
			tell(tail);
		}
	}

	/** Tells listeners what came, and keeps nothing of a device for those who come later. */
	forget(deviceNo: number): void {
		const tail = this.#tails.get(deviceNo);
		if (tail === undefined) return;
		tell(tail);
		tail.messages.length = 0;
	}

	#newTail(deviceNo: number): Tail {
		if (this.#tails.size >= maxTails) this.#forgetOne();
		const tail = {
			messages: [],
			listeners: new Set<Listener>(),
			newestNo: 0,
			toldNo: 0,
			leftAtMs: null,
		};
		this.#tails.set(deviceNo, tail);
		return tail;
	}

	/** The one that was left first; if every one is followed, the hub's own bounds hold. */
	#forgetOne(): void {
		const left = [...this.#tails].filter(([, { leftAtMs }]) => leftAtMs !== null);
		const [first] = left.sort(([, one], [, other]) => (one.leftAtMs ?? 0) - (other.leftAtMs ?? 0));
		if (first !== undefined) this.#tails.delete(first[0]);
	}
}

/** Tells listeners what came since the last time. */
function tell(tail: Tail): void {
	if (tail.toldNo === tail.newestNo) return;
	const messages = tail.messages.filter(({ no }) => no > tail.toldNo);
	tail.toldNo = tail.newestNo;
	for (const listener of tail.listeners) listener(messages);
}
