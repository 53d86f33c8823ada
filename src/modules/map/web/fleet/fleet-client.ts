import type { Bounds } from './bounds.ts';
import type { FleetReply, FleetRequest } from './fleet-messages.ts';
import type { FleetView, ViewRequest } from './fleet-store.ts';

/** What came with a snapshot. */
export interface LoadedFleet {
	readonly count: number;
	readonly bounds: Bounds | null;
}

/** The page's side of the fleet's worker. */
export interface FleetClient {
	expectSnapshot(): void;
	/** Hands a snapshot over; its memory is the worker's afterwards. */
	load(buffer: ArrayBuffer): Promise<LoadedFleet>;
	/** Hands a message of changes over. */
	change(buffer: ArrayBuffer): void;
	view(request: ViewRequest): Promise<FleetView>;
	/** Called when something changed, so that a view is to be asked for again. @returns the end of it */
	onChange(listener: () => void): () => void;
	close(): void;
}

export function createFleetClient(): FleetClient {
	const worker = new Worker(new URL('./fleet.worker.ts', import.meta.url), { type: 'module' });
	const waiting = new Map<number, (reply: FleetReply) => void>();
	const listeners = new Set<() => void>();
	let lastId = 0;

	worker.onmessage = ({ data }: MessageEvent<FleetReply>) => {
		waiting.get(data.id)?.(data);
		waiting.delete(data.id);
	};

	function post(request: FleetRequest, transfer: Transferable[] = []): void {
		worker.postMessage(request, transfer);
	}

	function ask(
		request: (id: number) => FleetRequest,
		transfer: Transferable[] = [],
	): Promise<FleetReply> {
		lastId += 1;
		const id = lastId;
		return new Promise((resolve) => {
			waiting.set(id, resolve);
			post(request(id), transfer);
		});
	}

	function changed(): void {
		for (const listener of listeners) listener();
	}

	return {
		expectSnapshot: () => post({ type: 'expect' }),
		async load(buffer) {
			const reply = await ask((id) => ({ type: 'snapshot', id, buffer }), [buffer]);
			if (reply.type !== 'loaded')
				throw new Error(reply.type === 'refused' ? reply.reason : 'no snapshot');
			changed();
			return reply;
		},
		change(buffer) {
			post({ type: 'changes', buffer }, [buffer]);
			changed();
		},
		async view(request) {
			const reply = await ask((id) => ({ type: 'view', id, view: request }));
			if (reply.type !== 'view') throw new Error('no view');
			return reply.view;
		},
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		close: () => worker.terminate(),
	};
}
