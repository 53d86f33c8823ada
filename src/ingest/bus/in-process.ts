import type { BusEntry, DeviceMessage } from '../message.ts';
import { type DeviceBus, maxTakenBytes, maxTakenReadings } from './port.ts';

/** What an entry costs besides its body: objects, closures, array slots. */
const entryOverheadBytes = 400;

interface Partition {
	queue: BusEntry[];
	wake: (() => void) | null;
	oldestAtMs: number;
}

/** A bus within the process: one queue per partition, limited in bytes over all. */
export class InProcessBus implements DeviceBus {
	readonly partitionCount: number;
	readonly #partitions: Partition[];
	readonly #limitBytes: number;
	#bytes = 0;
	#closed = false;

	constructor(partitionCount: number, limitBytes: number) {
		this.partitionCount = partitionCount;
		this.#limitBytes = limitBytes;
		this.#partitions = Array.from({ length: partitionCount }, () => ({
			queue: [],
			wake: null,
			oldestAtMs: 0,
		}));
	}

	offer(message: DeviceMessage): boolean {
		if (this.#closed || this.#bytes >= this.#limitBytes) return false;
		this.#bytes += message.body.length + entryOverheadBytes;
		this.#push(message.deviceNo, { type: 'message', message }, message.receivedAtMs);
		return true;
	}

	change(deviceNo: number): Promise<void> {
		if (this.#closed) return Promise.resolve();
		return new Promise((done) => {
			this.#push(deviceNo, { type: 'change', change: { deviceNo, done } }, Date.now());
		});
	}

	#push(deviceNo: number, entry: BusEntry, nowMs: number): void {
		const partition = this.#partitions[deviceNo % this.partitionCount]!;
		if (partition.queue.length === 0) partition.oldestAtMs = nowMs;
		partition.queue.push(entry);
		partition.wake?.();
	}

	async take(partitionNo: number, max: number, lingerMs: number): Promise<BusEntry[]> {
		const partition = this.#partitions[partitionNo]!;
		while (partition.queue.length === 0) {
			if (this.#closed) return [];
			await new Promise<void>((wake) => {
				partition.wake = wake;
			});
			partition.wake = null;
		}
		if (partition.queue.length < max && lingerMs > 0 && !this.#closed)
			await new Promise((resolve) => setTimeout(resolve, lingerMs));
		const count = this.#countTaken(partition.queue, max);
		const taken =
			partition.queue.length <= count ? partition.queue : partition.queue.slice(0, count);
		partition.queue = partition.queue.length <= count ? [] : partition.queue.slice(count);
		const next = partition.queue[0];
		partition.oldestAtMs = next?.type === 'message' ? next.message.receivedAtMs : Date.now();
		return taken;
	}

	/** How many entries are handed over; their bytes no longer wait. */
	#countTaken(queue: readonly BusEntry[], max: number): number {
		let bodyBytes = 0;
		let readings = 0;
		let count = 0;
		for (const entry of queue) {
			if (count === max || bodyBytes >= maxTakenBytes || readings >= maxTakenReadings) break;
			count++;
			if (entry.type !== 'message') continue;
			bodyBytes += entry.message.body.length;
			readings += mostReadings(entry.message.body);
			this.#bytes -= entry.message.body.length + entryOverheadBytes;
		}
		return count;
	}

	depth(nowMs: number): { bytes: number; lagMs: number } {
		let lagMs = 0;
		for (const partition of this.#partitions)
			if (partition.queue.length > 0) lagMs = Math.max(lagMs, nowMs - partition.oldestAtMs);
		return { bytes: this.#bytes, lagMs };
	}

	close(): void {
		this.#closed = true;
		for (const partition of this.#partitions) partition.wake?.();
	}
}

const brace = 0x7b;

/** How many readings a body can hold: one, or in an array no more than there are opening braces. */
function mostReadings(body: Buffer): number {
	if (body[0] === brace) return 1;
	let braces = 0;
	for (let place = body.indexOf(brace); place !== -1; place = body.indexOf(brace, place + 1))
		braces++;
	return braces;
}
