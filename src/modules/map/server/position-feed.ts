import { type Belonging, isInScope } from '#contract/scope.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import { isMeant, type MapQuestion } from './map-question.ts';
import { packChanges } from './pack.ts';

interface Watcher {
	readonly question: MapQuestion;
	send(changes: Uint8Array<ArrayBuffer>): void;
}

/** Gathers which devices changed and tells who watches the map, once a flush. Costs nothing while nobody does. */
export class PositionFeed {
	readonly #index: FleetIndex;
	readonly #locationNos: () => Int32Array;
	readonly #watchers = new Set<Watcher>();
	readonly #changed = new Set<number>();
	/** To whom devices belonged that changed hands or are gone. */
	readonly #before = new Map<number, Belonging>();

	constructor(index: FleetIndex, locationNos: () => Int32Array) {
		this.#index = index;
		this.#locationNos = locationNos;
	}

	/** Begins to watch. @returns the end of it */
	watch(watcher: Watcher): () => void {
		this.#watchers.add(watcher);
		return () => this.#watchers.delete(watcher);
	}

	/** A device said something, or its silence changed its status. */
	touch(deviceNo: number): void {
		if (this.#watchers.size > 0) this.#changed.add(deviceNo);
	}

	/** A device may have changed hands. @param before to whom it belonged; null: it is new */
	replaced(deviceNo: number, before: Belonging | null): void {
		if (this.#watchers.size === 0) return;
		this.#changed.add(deviceNo);
		if (before !== null && !this.#before.has(deviceNo)) this.#before.set(deviceNo, before);
	}

	/** Tells every watcher what changed for it. */
	flush(nowMs: number): void {
		if (this.#changed.size === 0) return;
		const { columns } = this.#index;
		for (const { question, send } of this.#watchers) {
			const isAsked = isMeant(columns, this.#locationNos(), question);
			const changed: number[] = [];
			const gone: number[] = [];
			for (const deviceNo of this.#changed)
				if (this.#index.has(deviceNo) && isAsked(deviceNo)) changed.push(deviceNo);
				else if (this.#wasSeen(question, deviceNo)) gone.push(deviceNo);
			if (changed.length + gone.length > 0) send(packChanges(columns, changed, gone, nowMs));
		}
		this.#changed.clear();
		this.#before.clear();
	}

	/** Whether the reader may have it on the map: it is or was in scope. Of others not even the number is told. */
	#wasSeen({ scope }: MapQuestion, deviceNo: number): boolean {
		const before = this.#before.get(deviceNo);
		if (before !== undefined && isInScope(scope, deviceNo, before)) return true;
		return this.#index.isInScope(scope, deviceNo);
	}
}
