/** A place on the globe, in degrees. */
export interface Place {
	readonly locationNo: number;
	readonly lat: number;
	readonly lon: number;
}

interface Node {
	readonly locationNo: number;
	readonly at: readonly [x: number, y: number, z: number];
	/** Which of the three coordinates parts the two sides. */
	readonly axis: 0 | 1 | 2;
	readonly below: Node | null;
	readonly above: Node | null;
}

/**
 * Finds the nearest of many places by great-circle distance: a k-d tree over points of the unit sphere, where the
 * straight distance grows with the distance on the ground and no meridian is an edge.
 */
export class NearestLocation {
	readonly #root: Node | null;

	constructor(places: readonly Place[]) {
		this.#root = treeOf(
			places.map(({ locationNo, lat, lon }) => ({ locationNo, at: onSphere(lat, lon) })),
			0,
		);
	}

	/** @returns the nearest place's number; of equally near ones either; 0 when there is none */
	find(lat: number, lon: number): number {
		const wanted = onSphere(lat, lon);
		let nearestNo = 0;
		let nearest = Number.POSITIVE_INFINITY;
		const visit = (node: Node | null): void => {
			if (node === null) return;
			const distance = squaredDistance(node.at, wanted);
			if (distance < nearest) {
				nearest = distance;
				nearestNo = node.locationNo;
			}
			const beyond = wanted[node.axis] - node.at[node.axis];
			visit(beyond < 0 ? node.below : node.above);
			if (beyond * beyond < nearest) visit(beyond < 0 ? node.above : node.below);
		};
		visit(this.#root);
		return nearestNo;
	}
}

type Point = Pick<Node, 'locationNo' | 'at'>;

function treeOf(points: readonly Point[], depth: number): Node | null {
	const axis = axes[depth % axes.length] ?? 0;
	const sorted = points.toSorted((one, other) => one.at[axis] - other.at[axis]);
	const middle = Math.floor(sorted.length / 2);
	const point = sorted[middle];
	if (point === undefined) return null;
	return {
		...point,
		axis,
		below: treeOf(sorted.slice(0, middle), depth + 1),
		above: treeOf(sorted.slice(middle + 1), depth + 1),
	};
}

const axes = [0, 1, 2] as const;

function onSphere(lat: number, lon: number): [number, number, number] {
	const phi = (lat * Math.PI) / 180;
	const lambda = (lon * Math.PI) / 180;
	return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

function squaredDistance(one: Node['at'], other: Node['at']): number {
	return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
}
