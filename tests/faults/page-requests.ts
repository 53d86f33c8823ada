import { setInterval } from 'node:timers/promises';
import { expect } from 'vitest';
import { listFleet } from '#modules/fleet/contract.ts';
import { until } from '../harness/until.ts';
import type { ProductUnderFault } from './product-under-fault.ts';

const intervalMs = 100;
/** A page never waits longer for an answer, not even for the one that the database is away: some seconds, on a busy machine more. */
const longestAnswerMs = 20_000;

export interface Answer {
	readonly status: number;
	readonly contentType: string;
	readonly tookMs: number;
	/** The body of an answer that is no success. */
	readonly refusal: string | null;
}

/** What a page asks for, again and again, whether or not the answers come. */
export class PageRequests {
	readonly answers: Answer[] = [];
	/** Requests that got no answer at all. */
	readonly failures: unknown[] = [];
	readonly #underWay = new Set<Promise<void>>();
	readonly #stopping = new AbortController();
	readonly #asking: Promise<void>;

	/** @param cookie the session of whoever looks at the page */
	constructor(product: ProductUnderFault, cookie: string) {
		const address = new URL(listFleet.path, product.url);
		this.#asking = this.#ask(address, cookie);
	}

	/** Waits until so many more requests were answered. */
	answered(more: number): Promise<void> {
		const goal = this.answers.length + more;
		return until(() => expect(this.answers.length).toBeGreaterThanOrEqual(goal), 60_000);
	}

	/** Asks no more and waits for every answer. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		await this.#asking;
		await Promise.all(this.#underWay);
	}

	/** Checks that each was answered soon: as asked, or by a problem that says that the database is away. */
	expectInTime(): void {
		expect(this.failures).toEqual([]);
		expect(this.answers.length).toBeGreaterThan(0);
		for (const answer of this.answers) {
			expect([200, 503], answer.refusal ?? '').toContain(answer.status);
			if (answer.status === 503) expect(answer.contentType).toContain('application/problem+json');
			expect(answer.tookMs).toBeLessThan(longestAnswerMs);
		}
	}

	async #ask(address: URL, cookie: string): Promise<void> {
		const { signal } = this.#stopping;
		try {
			for await (const _ of setInterval(intervalMs, undefined, { signal })) {
				const request = this.#request(address, cookie).catch((error: unknown) => {
					this.failures.push(error);
				});
				this.#underWay.add(request);
				request.finally(() => this.#underWay.delete(request));
			}
		} catch (error) {
			if (!signal.aborted) throw error;
		}
	}

	async #request(address: URL, cookie: string): Promise<void> {
		const askedAtMs = performance.now();
		const answer = await fetch(address, { headers: { cookie } });
		const body = await answer.text();
		this.answers.push({
			status: answer.status,
			contentType: answer.headers.get('content-type') ?? '',
			tookMs: performance.now() - askedAtMs,
			refusal: answer.ok ? null : body,
		});
	}
}
