import { flushMark } from '#contract/workbook.ts';

/** Counts the marks in a stream that comes in pieces, wherever it is cut. */
export class FlushMarks {
	#seen = 0;
	count = 0;

	take(piece: Uint8Array): void {
		for (const byte of piece) {
			if (byte === flushMark[this.#seen]) this.#seen++;
			// A third zero may be the second of the mark.
			else this.#seen = byte !== 0 ? 0 : this.#seen === 2 ? 2 : 1;
			if (this.#seen < flushMark.length) continue;
			this.#seen = 0;
			this.count++;
		}
	}
}
