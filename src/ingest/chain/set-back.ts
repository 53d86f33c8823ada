import { maxClockAheadMs } from '#contract/device-reading.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * Forgets times that cannot be: they were noted while the server's clock was ahead, and until they had passed nothing
 * would be newer. The newest reading's time becomes that of this receipt, so that whatever is older than now is still
 * looked up before it is stored.
 */
export function setBack(snapshot: Snapshot, receivedAtMs: number, nowMs: number): void {
	const latestMs = nowMs + maxClockAheadMs;
	if (snapshot.lastHeardAtMs > latestMs) snapshot.lastHeardAtMs = Number.NEGATIVE_INFINITY;
	if (snapshot.newestAtMs > latestMs) snapshot.newestAtMs = Math.min(receivedAtMs, nowMs);
	for (const [place, atMs] of snapshot.groupAtMs.entries())
		if (atMs > latestMs) snapshot.groupAtMs[place] = Number.NEGATIVE_INFINITY;
}
