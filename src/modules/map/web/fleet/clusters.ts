import { mercatorSteps } from '#contract/mercator.ts';
import { statuses } from '#contract/status.ts';

/** Devices drawn as one bubble: where their middle is, and how many there are of each status. */
export interface Cluster {
	/** Web Mercator, as in `src/contract/mercator.ts`. */
	readonly x: number;
	readonly y: number;
	readonly total: number;
	readonly counts: Readonly<Uint32Array>;
}

/** Side of the cells in which devices are gathered, roughly; cells are powers of two of the map's steps. */
export const cellPx = 74;

/** So many devices in a cell become a bubble; the closer one looks, the more, and from 12.5 on none do. */
export function smallestCluster(zoom: number): number {
	if (zoom < 8) return 2;
	if (zoom < 10) return 8;
	return zoom < 12.5 ? 30 : Number.POSITIVE_INFINITY;
}

/** Radius of a bubble, px: it grows with the logarithm of what it stands for. */
export function clusterRadiusPx(total: number): number {
	return Math.min(32, 15 + Math.log10(Math.max(1, total)) * 4);
}

const gapPx = 3;

/**
 * Merges bubbles that touch, largest first, until none do: what they stand for is added, their middle is that of all.
 * @param stepsPerPx steps of the map's coordinates in a pixel
 */
export function mergeTouching(clusters: readonly Cluster[], stepsPerPx: number): Cluster[] {
	let before = clusters.toSorted((one, other) => other.total - one.total);
	for (;;) {
		const merged: Cluster[] = [];
		for (const cluster of before) {
			const at = merged.findIndex((each) => isTouching(each, cluster, stepsPerPx));
			const other = merged[at];
			if (other === undefined) merged.push(cluster);
			else merged[at] = union(other, cluster);
		}
		if (merged.length === before.length) return merged;
		before = merged.sort((one, other) => other.total - one.total);
	}
}

function isTouching(one: Cluster, other: Cluster, stepsPerPx: number): boolean {
	const reach = (clusterRadiusPx(one.total) + clusterRadiusPx(other.total) + gapPx) * stepsPerPx;
	return Math.hypot(eastward(one.x, other.x), other.y - one.y) < reach;
}

/** Steps from one x to another by the shorter way round: negative to the west. */
export function eastward(from: number, to: number): number {
	const steps = (((to - from) % mercatorSteps) + mercatorSteps) % mercatorSteps;
	return steps < mercatorSteps / 2 ? steps : steps - mercatorSteps;
}

function union(one: Cluster, other: Cluster): Cluster {
	const total = one.total + other.total;
	const share = other.total / total;
	const x = one.x + eastward(one.x, other.x) * share;
	return {
		x: ((x % mercatorSteps) + mercatorSteps) % mercatorSteps,
		y: one.y + (other.y - one.y) * share,
		total,
		counts: Uint32Array.from(
			statuses,
			(_, status) => (one.counts[status] ?? 0) + (other.counts[status] ?? 0),
		),
	};
}
