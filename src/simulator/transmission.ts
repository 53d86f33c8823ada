import type { Measured } from './reading.ts';

/** A measurement with its place in the device's order. */
export interface NotedReading {
	readonly number: number;
	/** Epoch milliseconds. */
	readonly atMs: number;
	readonly measured: Readonly<Measured>;
}

/** What a device does about its line at one moment: send messages of one or several readings, or lose the network. */
export interface Transmission {
	/** Epoch milliseconds; they never fall. */
	readonly dueMs: number;
	readonly isCovered: boolean;
	readonly messages: readonly (readonly NotedReading[])[];
}

/** How often a device reports; whenever something begins or ends it reports as well. */
export interface Pace {
	readonly activeEveryMs: number;
	readonly restingEveryMs: number;
}

/** Readings that a device keeps without coverage; the oldest go first. */
const backlogMax = 500;
const readingsPerMessage = 50;

/**
 * Turns measurements into transmissions: each is sent as it is made. Without coverage they are kept; once it is back, the
 * newest goes first and those that were kept follow together, with their own times.
 */
export class Notebook {
	readonly #isCovered: (atMs: number) => boolean;
	#number = 0;
	#backlog: NotedReading[] = [];

	constructor(isCovered: (atMs: number) => boolean) {
		this.#isCovered = isCovered;
	}

	note(atMs: number, measured: Measured): Transmission {
		const noted: NotedReading = { number: ++this.#number, atMs, measured };
		if (!this.#isCovered(atMs)) {
			this.#backlog = [...this.#backlog, noted].slice(-backlogMax);
			return { dueMs: atMs, isCovered: false, messages: [] };
		}
		const messages: NotedReading[][] = [[noted]];
		for (let start = 0; start < this.#backlog.length; start += readingsPerMessage)
			messages.push(this.#backlog.slice(start, start + readingsPerMessage));
		this.#backlog = [];
		return { dueMs: atMs, isCovered: true, messages };
	}
}
