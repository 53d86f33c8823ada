/** Says each kind of thing at once the first time and then at most once a minute, with how often it happened. */
export class Report {
	readonly #write: (line: string) => void;
	readonly #kinds = new Map<string, { saidAtMs: number; unsaid: number }>();

	constructor(write: (line: string) => void) {
		this.#write = write;
	}

	/** @param nowMs epoch milliseconds */
	trouble(kind: string, who: string, nowMs: number): void {
		const seen = this.#kinds.get(kind);
		if (seen !== undefined && nowMs - seen.saidAtMs < 60_000) {
			seen.unsaid += 1;
			return;
		}
		const more = seen?.unsaid ? ` (and ${seen.unsaid} times more since the last line)` : '';
		this.#write(`${who}: ${kind}${more}`);
		this.#kinds.set(kind, { saidAtMs: nowMs, unsaid: 0 });
	}
}
