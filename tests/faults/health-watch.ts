import { setTimeout as delay } from 'node:timers/promises';
import type { ProductUnderFault } from './product-under-fault.ts';

const intervalMs = 50;

/** Asks for `/health` one time after the other and notes how long the answers take. */
export class HealthWatch {
	readonly #product: ProductUnderFault;
	readonly #watching: Promise<void>;
	#isStopping = false;
	#answers = 0;
	#slowestMs = 0;

	constructor(product: ProductUnderFault) {
		this.#product = product;
		this.#watching = this.#watch();
		this.#watching.catch(() => {});
	}

	/** @throws when an answer failed or was not 200 */
	async stop(): Promise<{ answers: number; slowestMs: number }> {
		this.#isStopping = true;
		await this.#watching;
		return { answers: this.#answers, slowestMs: this.#slowestMs };
	}

	async #watch(): Promise<void> {
		while (!this.#isStopping) {
			const askedAtMs = performance.now();
			const status = await this.#product.health();
			if (status !== 200) throw new Error(`/health answered ${status}`);
			this.#answers += 1;
			this.#slowestMs = Math.max(this.#slowestMs, performance.now() - askedAtMs);
			await delay(intervalMs);
		}
	}
}
