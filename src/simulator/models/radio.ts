import { Draws, seedOf } from './draws.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What a mobile device meets on its way: some windows of time without coverage, others without a position. */
interface Gap {
	/** Each slot of this length has at most one gap. */
	readonly slotMs: number;
	readonly chance: number;
	readonly shortestMs: number;
	readonly longestMs: number;
}

const coverageGap: Gap = {
	slotMs: 3 * hourMs,
	chance: 0.25,
	shortestMs: 3 * minuteMs,
	longestMs: 14 * minuteMs,
};
const positionGap: Gap = {
	slotMs: 2 * hourMs,
	chance: 0.3,
	shortestMs: 2 * minuteMs,
	longestMs: 9 * minuteMs,
};

/** Whether the device reaches the network: always the same for one device at one instant. */
export function isCovered(seed: number, atMs: number): boolean {
	return !isInGap(coverageGap, seed, 1, atMs);
}

/** Whether the satellites are in sight. */
export function hasPosition(seed: number, atMs: number): boolean {
	return !isInGap(positionGap, seed, 2, atMs);
}

function isInGap(gap: Gap, seed: number, kind: number, atMs: number): boolean {
	const slot = Math.floor(atMs / gap.slotMs);
	const draws = new Draws(seedOf(seed, kind, slot));
	if (!draws.isTrue(gap.chance)) return false;
	const lengthMs = draws.between(gap.shortestMs, gap.longestMs);
	const beginsMs = slot * gap.slotMs + draws.between(0, gap.slotMs - lengthMs);
	return atMs >= beginsMs && atMs < beginsMs + lengthMs;
}

/** Signal strength (+CSQ, 2 to 31): one device in eight has a weak one, and all wander. */
export function signalAt(seed: number, atMs: number): number {
	const draws = new Draws(seedOf(seed, 3));
	const usual = draws.isTrue(0.125) ? draws.between(4, 9) : draws.between(15, 27);
	const wave = Math.sin(atMs / (7 * minuteMs) + seed) + Math.sin(atMs / (53 * minuteMs) + seed);
	return Math.round(Math.min(31, Math.max(2, usual + 2 * wave)));
}

/** Satellites in use while there is a position. */
export function satellitesAt(seed: number, atMs: number): number {
	return Math.round(10 + 3 * Math.sin(atMs / (19 * minuteMs) + seed));
}
