/** Times real time. */
export const playbackFactors = [1, 10, 60] as const;
export type PlaybackFactor = (typeof playbackFactors)[number];

/** The last place whose instant is not after `atMs`; the first place before all of them. Instants rise. */
export function placeAt(instantsMs: readonly number[], atMs: number): number {
	let low = 0;
	let high = instantsMs.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((instantsMs[middle] ?? 0) <= atMs) low = middle;
		else high = middle - 1;
	}
	return Math.max(0, low);
}

/**
 * Where playback stands after so much recorded time has been played. Silence longer than `gapMs` is skipped; at the last
 * instant playback stays.
 */
export function advance(
	instantsMs: readonly number[],
	atMs: number,
	playedMs: number,
	gapMs: number,
): number {
	let target = atMs + playedMs;
	for (let place = placeAt(instantsMs, atMs); place < instantsMs.length - 1; place++) {
		const here = instantsMs[place] ?? 0;
		const next = instantsMs[place + 1] ?? 0;
		if (target < next && next - here <= gapMs) return target;
		if (next - here > gapMs) {
			if (target <= here) return target;
			target = next + (target - Math.max(here, atMs));
		}
	}
	return Math.min(target, instantsMs.at(-1) ?? target);
}
