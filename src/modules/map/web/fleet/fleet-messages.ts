import type { Bounds } from './bounds.ts';
import type { FleetView, ViewRequest } from './fleet-store.ts';

/** What the page asks of the fleet's worker. */
export type FleetRequest =
	/** A snapshot is on its way: changes are kept until it is here, since it may be older than they are. */
	| { readonly type: 'expect' }
	| { readonly type: 'snapshot'; readonly id: number; readonly buffer: ArrayBuffer }
	| { readonly type: 'changes'; readonly buffer: ArrayBuffer }
	| { readonly type: 'view'; readonly id: number; readonly view: ViewRequest };

export type FleetReply =
	| {
			readonly type: 'loaded';
			readonly id: number;
			readonly count: number;
			readonly bounds: Bounds | null;
	  }
	| { readonly type: 'refused'; readonly id: number; readonly reason: string }
	| { readonly type: 'view'; readonly id: number; readonly view: FleetView };
