import { type Cluster, clusterRadiusPx } from '../fleet/clusters.ts';
import { type Camera, project } from './camera.ts';
import type { Palette } from './palette.ts';

export interface ClusterOverlay {
	setClusters(clusters: readonly Cluster[]): void;
	setPalette(palette: Palette): void;
	/** Puts a ring around a place; null: around none. */
	setRing(at: { readonly x: number; readonly y: number } | null): void;
	/** Paints one frame. */
	paint(camera: Camera): void;
	/** The bubble under a point of the map, px. */
	clusterAt(camera: Camera, x: number, y: number): Cluster | null;
}

const ringPx = 5.5;
const gapRadians = 0.05;
const selectionRadiusPx = 13;
/** Painted bubbles that are kept; a country shows a few dozen. */
const mostSprites = 400;

/** Bubbles over the map: a ring of the statuses' shares around the count. Each is painted once and then moved. */
export function createClusterOverlay(
	canvas: HTMLCanvasElement,
	initial: Palette,
	write: (count: number) => string,
): ClusterOverlay {
	const context = canvas.getContext('2d');
	if (context === null) throw new Error('The browser gives no canvas.');
	let clusters: readonly Cluster[] = [];
	let palette = initial;
	let ring: { readonly x: number; readonly y: number } | null = null;
	let sprites = new Map<string, HTMLCanvasElement>();

	function spriteOf(cluster: Cluster, density: number): HTMLCanvasElement {
		const key = `${density} ${cluster.counts.join()}`;
		const known = sprites.get(key);
		if (known !== undefined) return known;
		if (sprites.size >= mostSprites) sprites = new Map();
		const painted = paintBubble(cluster, palette, density, write(cluster.total));
		sprites.set(key, painted);
		return painted;
	}

	return {
		setClusters(next) {
			clusters = next;
		},
		setPalette(next) {
			palette = next;
			sprites = new Map();
		},
		setRing(at) {
			ring = at;
		},
		paint(camera) {
			const density = devicePixelRatio;
			const width = Math.round(camera.widthPx * density);
			const height = Math.round(camera.heightPx * density);
			if (canvas.width !== width || canvas.height !== height) {
				canvas.width = width;
				canvas.height = height;
			} else context.clearRect(0, 0, width, height);
			for (const cluster of clusters) {
				const at = project(camera, cluster.x, cluster.y);
				const sprite = spriteOf(cluster, density);
				context.drawImage(
					sprite,
					Math.round(at.x * density - sprite.width / 2),
					Math.round(at.y * density - sprite.height / 2),
				);
			}
			if (ring !== null) paintRing(context, project(camera, ring.x, ring.y), palette, density);
		},
		clusterAt(camera, x, y) {
			const hit = clusters.findLast((cluster) => {
				const at = project(camera, cluster.x, cluster.y);
				return Math.hypot(at.x - x, at.y - y) <= clusterRadiusPx(cluster.total);
			});
			return hit ?? null;
		},
	};
}

function paintBubble(
	{ total, counts }: Cluster,
	palette: Palette,
	density: number,
	label: string,
): HTMLCanvasElement {
	const radius = clusterRadiusPx(total);
	const half = radius + 2;
	const canvas = document.createElement('canvas');
	canvas.width = Math.ceil(half * 2 * density);
	canvas.height = canvas.width;
	const context = canvas.getContext('2d');
	if (context === null) return canvas;
	context.scale(density, density);
	context.translate(half, half);
	context.fillStyle = palette.panel;
	context.beginPath();
	context.arc(0, 0, radius + 1.5, 0, 2 * Math.PI);
	context.fill();
	context.lineWidth = ringPx;
	const parts = counts.filter((count) => count > 0).length;
	const gap = parts > 1 ? gapRadians : 0;
	let from = -Math.PI / 2;
	counts.forEach((count, status) => {
		if (count === 0) return;
		const to = from + (count / total) * 2 * Math.PI;
		context.strokeStyle = palette.statuses[status] ?? palette.text;
		context.beginPath();
		context.arc(0, 0, radius - ringPx / 2, from + gap / 2, Math.max(from + gap, to - gap / 2));
		context.stroke();
		from = to;
	});
	context.fillStyle = palette.text;
	context.font = '600 12.5px "Inter Variable"';
	context.textAlign = 'center';
	context.textBaseline = 'middle';
	context.fillText(label, 0, 0.5);
	return canvas;
}

function paintRing(
	context: CanvasRenderingContext2D,
	at: { readonly x: number; readonly y: number },
	palette: Palette,
	density: number,
): void {
	for (const [width, colour] of [
		[5, palette.panel],
		[2.5, palette.accent],
	] as const) {
		context.beginPath();
		context.arc(at.x * density, at.y * density, selectionRadiusPx * density, 0, 2 * Math.PI);
		context.lineWidth = width * density;
		context.strokeStyle = colour;
		context.stroke();
	}
}
