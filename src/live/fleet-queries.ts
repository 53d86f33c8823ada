import { Worker } from 'node:worker_threads';
import type { Scope } from '#contract/scope.ts';
import type { Log } from '#platform/log.ts';
import type { FleetBuffers } from './fleet-columns.ts';
import type { FleetIndex } from './fleet-index.ts';
import type { FleetAnswer, FleetFacets, FleetQuestion } from './fleet-query.ts';

export type FleetWorkerRequest =
	| { readonly type: 'columns'; readonly buffers: FleetBuffers }
	| {
			readonly type: 'question';
			readonly id: number;
			readonly highestNo: number;
			readonly question: FleetQuestion;
	  }
	| {
			readonly type: 'facets';
			readonly id: number;
			readonly highestNo: number;
			readonly scope: Scope;
	  };

export type FleetWorkerReply =
	| { readonly type: 'answer'; readonly id: number; readonly answer: FleetAnswer }
	| { readonly type: 'facets'; readonly id: number; readonly facets: FleetFacets };

interface Waiting {
	resolve(reply: FleetWorkerReply): void;
	reject(error: Error): void;
}

/** Asks the query thread about the fleet. A thread that fails is replaced; who waits for it hears of the failure. */
export class FleetQueries {
	readonly #index: FleetIndex;
	readonly #log: Log;
	readonly #waiting = new Map<number, Waiting>();
	#worker: Worker | null = null;
	#sent: FleetBuffers | null = null;
	#lastId = 0;

	constructor(index: FleetIndex, log: Log) {
		this.#index = index;
		this.#log = log;
	}

	/** One page of the fleet, with the total and the counts per status. */
	async ask(question: FleetQuestion): Promise<FleetAnswer> {
		const reply = await this.#send((id, highestNo) => ({
			type: 'question',
			id,
			highestNo,
			question,
		}));
		if (reply.type !== 'answer') throw new Error('the query thread answered something else');
		return reply.answer;
	}

	/** Which dealers, customers and firmware versions devices in the scope have. */
	async facets(scope: Scope): Promise<FleetFacets> {
		const reply = await this.#send((id, highestNo) => ({ type: 'facets', id, highestNo, scope }));
		if (reply.type !== 'facets') throw new Error('the query thread answered something else');
		return reply.facets;
	}

	async stop(): Promise<void> {
		const worker = this.#worker;
		this.#worker = null;
		this.#fail(new Error('the server stops'));
		await worker?.terminate();
	}

	#send(request: (id: number, highestNo: number) => FleetWorkerRequest): Promise<FleetWorkerReply> {
		return new Promise((resolve, reject) => {
			const worker = this.#worker ?? this.#start();
			const { buffers, highestNo } = this.#index;
			if (this.#sent !== buffers) {
				this.#sent = buffers;
				worker.postMessage({ type: 'columns', buffers } satisfies FleetWorkerRequest);
			}
			const id = ++this.#lastId;
			this.#waiting.set(id, { resolve, reject });
			worker.postMessage(request(id, highestNo));
		});
	}

	#start(): Worker {
		const worker = new Worker(new URL('./fleet-query-worker.ts', import.meta.url));
		worker.on('message', (reply: FleetWorkerReply) => {
			this.#waiting.get(reply.id)?.resolve(reply);
			this.#waiting.delete(reply.id);
		});
		worker.on('error', (error) => {
			this.#log.error({ err: error }, 'the fleet query thread failed and is replaced');
			if (this.#worker === worker) this.#worker = null;
			this.#sent = null;
			this.#fail(error instanceof Error ? error : new Error(String(error)));
		});
		this.#worker = worker;
		return worker;
	}

	#fail(error: Error): void {
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
	}
}
