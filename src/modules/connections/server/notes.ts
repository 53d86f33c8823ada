/** Devices of which the last note is kept. */
const maxNotes = 10_000;

export interface Note {
	readonly what: string;
	readonly atMs: number;
}

/** The last thing of a kind that happened to each device; those noted longest ago are forgotten first. */
export class Notes {
	readonly #notes = new Map<number, Note>();

	put(deviceNo: number, note: Note): void {
		this.#notes.delete(deviceNo);
		this.#notes.set(deviceNo, note);
		if (this.#notes.size <= maxNotes) return;
		for (const oldest of this.#notes.keys()) {
			this.#notes.delete(oldest);
			return;
		}
	}

	of(deviceNo: number): Note | null {
		return this.#notes.get(deviceNo) ?? null;
	}
}
