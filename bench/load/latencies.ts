const stepMs = 0.1;
const buckets = 100_000;

/** Counts of latencies in steps of 0.1 ms up to 10 s; longer ones count as 10 s. */
export class Latencies {
	readonly counts: Uint32Array;

	constructor(counts: Uint32Array = new Uint32Array(buckets)) {
		this.counts = counts;
	}

	add(latencyMs: number): void {
		const bucket = Math.min(buckets - 1, Math.max(0, Math.floor(latencyMs / stepMs)));
		this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
	}

	merge(other: Latencies): void {
		for (const [bucket, count] of other.counts.entries())
			this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
	}

	/** The latency that this share of all does not exceed, rounded up to the step; 0 without any. */
	quantileMs(share: number): number {
		const total = this.counts.reduce((sum, count) => sum + count, 0);
		if (total === 0) return 0;
		let seen = 0;
		for (const [bucket, count] of this.counts.entries()) {
			seen += count;
			if (seen >= total * share) return Math.round((bucket + 1) * stepMs * 10) / 10;
		}
		return buckets * stepMs;
	}
}
