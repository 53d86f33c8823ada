/** Somebody who watches devices; told which of them changed, at most once per flush. */
export interface Watcher {
	readonly deviceNos: readonly number[];
	/** `changed` are the devices whose newest word or status changed since the last call. */
	onChanged(changed: readonly number[]): void;
}

/**
 * Tells watchers which of their devices changed. A device that nobody watches costs one look-up per commit.
 * `T` is what the feed keeps of a watched device for its watchers.
 */
export class DeviceFeed<T> {
	readonly #watchers = new Map<number, Set<Watcher>>();
	readonly #latest = new Map<number, T>();
	#changed = new Map<Watcher, Set<number>>();

	/** Begins to watch. @returns the end of it */
	watch(watcher: Watcher): () => void {
		for (const deviceNo of watcher.deviceNos) {
			const watchers = this.#watchers.get(deviceNo) ?? new Set();
			watchers.add(watcher);
			this.#watchers.set(deviceNo, watchers);
		}
		return () => this.#unwatch(watcher);
	}

	isWatched(deviceNo: number): boolean {
		return this.#watchers.has(deviceNo);
	}

	/** The newest word of a watched device since somebody began to watch it, if there was one. */
	latest(deviceNo: number): T | undefined {
		return this.#latest.get(deviceNo);
	}

	/** A commit changed a watched device. */
	put(deviceNo: number, value: T): void {
		this.#latest.set(deviceNo, value);
		this.touch(deviceNo);
	}

	/** Something else about a device changed: its status by silence, to whom it belongs. */
	touch(deviceNo: number): void {
		for (const watcher of this.#watchers.get(deviceNo) ?? []) {
			const changed = this.#changed.get(watcher) ?? new Set();
			changed.add(deviceNo);
			this.#changed.set(watcher, changed);
		}
	}

	/** Tells every watcher whose devices changed. */
	flush(): void {
		if (this.#changed.size === 0) return;
		const changed = this.#changed;
		this.#changed = new Map();
		for (const [watcher, deviceNos] of changed) watcher.onChanged([...deviceNos]);
	}

	#unwatch(watcher: Watcher): void {
		this.#changed.delete(watcher);
		for (const deviceNo of watcher.deviceNos) {
			const watchers = this.#watchers.get(deviceNo);
			watchers?.delete(watcher);
			if (watchers?.size !== 0) continue;
			this.#watchers.delete(deviceNo);
			this.#latest.delete(deviceNo);
		}
	}
}
