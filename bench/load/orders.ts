/** What the bench tells a generator process, and what comes back. Instants are epoch milliseconds. */

export interface LoadDevice {
	readonly deviceId: string;
	readonly key: string;
}

export type Order =
	| {
			readonly kind: 'connect';
			readonly port: number;
			readonly devices: readonly LoadDevice[];
			/** Connections held at once; with fewer than devices, some devices take turns. */
			readonly connections: number;
			readonly boot: string;
			readonly firstSequence: number;
			/** Messages a device may have on the way at once. */
			readonly window: number;
	  }
	| {
			readonly kind: 'run';
			readonly measureFromMs: number;
			readonly measureToMs: number;
			/** Messages a second, whether or not the last were answered; null: as fast as they are answered. */
			readonly perSecond: number | null;
	  }
	| { readonly kind: 'close' };

export interface RunResult {
	/** Acknowledgements that arrived while it was measured. */
	readonly acknowledged: number;
	/** Their latencies, from when a message was due to its acknowledgement. */
	readonly latencies: Uint32Array;
	/** All acknowledgements so far, device by device in the order of `connect`. */
	readonly acknowledgedByDevice: Uint32Array;
	/** Messages sent whose connection broke before the answer, since `connect`. */
	readonly unanswered: number;
	/** Connections that broke since `connect`. */
	readonly brokenConnections: number;
}

export type Reply =
	| { readonly kind: 'connected' }
	| { readonly kind: 'ran'; readonly result: RunResult }
	| { readonly kind: 'closed' }
	| { readonly kind: 'failed'; readonly reason: string };
