import { Worker } from 'node:worker_threads';
import type { FleetBuffers } from '#live/fleet-columns.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { Log } from '#platform/log.ts';
import type { LocationCount, OrganizationPlaces } from './fleet-locations.ts';
import { unpackCounts } from './location-counts.ts';
import type { MapQuestion } from './map-question.ts';

interface Asked {
	readonly id: number;
	readonly highestNo: number;
	readonly question: MapQuestion;
}

export type MapWorkerRequest =
	| {
			readonly type: 'columns';
			readonly buffers: FleetBuffers;
			readonly locationNos: SharedArrayBuffer;
	  }
	| { readonly type: 'places'; readonly places: OrganizationPlaces }
	| (Asked & { readonly type: 'snapshot'; readonly asOfMs: number })
	| (Asked & { readonly type: 'counts' });

export type MapWorkerReply =
	| { readonly id: number; readonly snapshot: ArrayBuffer }
	| { readonly id: number; readonly counts: Int32Array<ArrayBuffer> };

interface Waiting {
	resolve(reply: MapWorkerReply): void;
	reject(error: Error): void;
}

/** Asks the map's thread. A thread that fails is replaced; who waits for it hears of the failure. */
export class MapThread {
	readonly #index: FleetIndex;
	readonly #log: Log;
	readonly #waiting = new Map<number, Waiting>();
	readonly #places = new Map<number, OrganizationPlaces>();
	#worker: Worker | null = null;
	#sent: FleetBuffers | null = null;
	#locationNos = new Int32Array(new SharedArrayBuffer(0));
	#lastId = 0;

	constructor(index: FleetIndex, log: Log) {
		this.#index = index;
		this.#log = log;
	}

	/** Location of each device as of the last count, by device number; 0 for none. */
	get locationNos(): Int32Array {
		return this.#locationNos;
	}

	/** The devices that are meant, packed. */
	async snapshot(question: MapQuestion, asOfMs: number): Promise<Uint8Array<ArrayBuffer>> {
		const reply = await this.#ask((asked) => ({ type: 'snapshot', ...asked, asOfMs }), question);
		if (!('snapshot' in reply)) throw new Error('the map thread answered something else');
		return new Uint8Array(reply.snapshot);
	}

	/** Devices that are meant, per location and status. */
	async counts(question: MapQuestion): Promise<readonly LocationCount[]> {
		const reply = await this.#ask((asked) => ({ type: 'counts', ...asked }), question);
		if (!('counts' in reply)) throw new Error('the map thread answered something else');
		return unpackCounts(reply.counts);
	}

	/** Says where an organization's locations are. */
	setPlaces(places: OrganizationPlaces): void {
		this.#places.set(places.organizationNo, places);
		this.#worker?.postMessage({ type: 'places', places } satisfies MapWorkerRequest);
	}

	async stop(): Promise<void> {
		const worker = this.#worker;
		this.#worker = null;
		this.#fail(new Error('the server stops'));
		await worker?.terminate();
	}

	#ask(
		request: (asked: Asked) => MapWorkerRequest,
		question: MapQuestion,
	): Promise<MapWorkerReply> {
		return new Promise((resolve, reject) => {
			const worker = this.#worker ?? this.#start();
			const { buffers, highestNo } = this.#index;
			if (this.#sent !== buffers) this.#sendColumns(worker, buffers);
			const id = ++this.#lastId;
			this.#waiting.set(id, { resolve, reject });
			worker.postMessage(request({ id, highestNo, question }));
		});
	}

	#sendColumns(worker: Worker, buffers: FleetBuffers): void {
		const { length } = this.#index.columns.status;
		const grown = new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
		grown.set(this.#locationNos.subarray(0, length));
		this.#locationNos = grown;
		this.#sent = buffers;
		const locationNos = grown.buffer;
		worker.postMessage({ type: 'columns', buffers, locationNos } satisfies MapWorkerRequest);
	}

	#start(): Worker {
		const worker = new Worker(new URL('./map-worker.ts', import.meta.url));
		worker.on('message', (reply: MapWorkerReply) => {
			this.#waiting.get(reply.id)?.resolve(reply);
			this.#waiting.delete(reply.id);
		});
		worker.on('error', (error) => {
			this.#log.error({ err: error }, 'the map thread failed and is replaced');
			if (this.#worker === worker) this.#worker = null;
			this.#sent = null;
			this.#fail(error instanceof Error ? error : new Error(String(error)));
		});
		this.#worker = worker;
		this.#sent = null;
		for (const places of this.#places.values())
			worker.postMessage({ type: 'places', places } satisfies MapWorkerRequest);
		return worker;
	}

	#fail(error: Error): void {
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
	}
}
