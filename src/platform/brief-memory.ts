import type { Clock } from './clock.ts';

export interface BriefMemoryOptions {
	readonly clock: Clock;
	/** How long an answer is kept, so that a burst of requests asks once. */
	readonly keptMs: number;
	/** Answers kept at once; beyond that all are forgotten. */
	readonly maxKept: number;
}

/** Answers that hold for a moment, and may be forgotten at any time. */
export interface BriefMemory<Answer> {
	/** What is known by this key, else what `ask` answers; who asks meanwhile waits for the same. A failure is not kept. */
	recall(key: string, ask: () => Promise<Answer>): Promise<Answer>;
	/** Forgets what is known by keys that begin so. */
	forget(beginning: string): void;
	forgetAll(): void;
}

export function createBriefMemory<Answer>({
	clock,
	keptMs,
	maxKept,
}: BriefMemoryOptions): BriefMemory<Answer> {
	const kept = new Map<string, { readonly answer: Promise<Answer>; readonly atMs: number }>();
	return {
		recall(key, ask) {
			const known = kept.get(key);
			// A clock that was stepped back must not prolong it.
			if (known !== undefined && Math.abs(clock() - known.atMs) < keptMs) return known.answer;
			const answer = ask();
			if (kept.size >= maxKept) kept.clear();
			kept.set(key, { answer, atMs: clock() });
			answer.catch(() => {
				if (kept.get(key)?.answer === answer) kept.delete(key);
			});
			return answer;
		},
		forget(beginning) {
			for (const key of kept.keys()) if (key.startsWith(beginning)) kept.delete(key);
		},
		forgetAll: () => kept.clear(),
	};
}
