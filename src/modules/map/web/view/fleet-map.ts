import { type MapMouseEvent, ScaleControl } from 'maplibre-gl';
import { latitudeOf, longitudeOf, mercatorX, mercatorY } from '#contract/mercator.ts';
import type { OwnTiles } from '#contract/own-tiles.ts';
import type { MapScheme } from '#web/map/basemap-style.ts';
import { type Basemap, createBasemap } from '#web/map/create-map.ts';
import type { Bounds } from '../fleet/bounds.ts';
import type { FleetClient } from '../fleet/fleet-client.ts';
import type { FleetView } from '../fleet/fleet-store.ts';
import { type Camera, type Covered, cameraFor, centerFor, project, stepsPerPx } from './camera.ts';
import { createClusterOverlay } from './cluster-overlay.ts';
import { createLabelRoom } from './label-room.ts';
import { readPalette } from './palette.ts';
import { createPointLayer, pointPx } from './point-layer.ts';

/** Where a view begins: degrees. */
export interface Place {
	readonly lon: number;
	readonly lat: number;
	readonly zoom: number;
}

/** Which devices are drawn, and how. */
export interface Shown {
	readonly mask: number;
	readonly shownAs: readonly number[];
}

export interface FleetMapOptions {
	readonly container: HTMLElement;
	readonly overlay: HTMLCanvasElement;
	readonly fleet: FleetClient;
	readonly scheme: MapScheme;
	readonly start: Place;
	readonly label: string;
	readonly ownTiles: OwnTiles | null;
	readonly shown: Shown;
	/** Writes a bubble's count. */
	readonly write: (count: number) => string;
	/** Parts that panels cover now. */
	readonly covered: () => Covered;
	readonly onView: (view: FleetView) => void;
	/** The pointer is over a device, or over none. */
	readonly onHover: (deviceNo: number | null) => void;
	readonly onSelect: (deviceNo: number | null) => void;
	/** The map came to rest. */
	readonly onRest: (place: Place) => void;
	/** Each frame: where the selected and the pointed-at device are on the map, px. */
	readonly onFrame: (whereIs: (deviceNo: number) => { x: number; y: number } | null) => void;
}

export interface FleetMap {
	/** Draws the land below the fleet; until then there is only water. */
	showLand(): void;
	setScheme(scheme: MapScheme): void;
	setShown(shown: Shown): void;
	select(deviceNo: number | null): void;
	flyTo(place: Place): void;
	/** Shows all of a box; suddenly, when nothing was shown before. */
	fit(bounds: Bounds, options?: { readonly isSudden: boolean }): void;
	zoomBy(levels: number): void;
	remove(): void;
}

const refreshMs = 250;
/** Views reach beyond the edges; a new one is due when the map was moved by this part of its size. */
const movedBy = 0.1;
const pickPx = 11;
const clusterZoom = 2.2;
const flightMs = 900;
const scalePx = 80;

/** The moving fleet on the basemap. The worker says what to draw; frames in between only move it. */
export async function createFleetMap(options: FleetMapOptions): Promise<FleetMap> {
	const { container, fleet } = options;
	const isStill = matchMedia('(prefers-reduced-motion: reduce)');
	const basemap: Basemap = await createBasemap({
		container,
		scheme: options.scheme,
		center: [options.start.lon, options.start.lat],
		zoom: options.start.zoom,
		label: options.label,
		ownTiles: options.ownTiles,
	});
	const { map } = basemap;
	const palette = readPalette();
	const points = createPointLayer(camera, palette);
	const overlay = createClusterOverlay(options.overlay, palette, options.write);
	map.addLayer(points);
	const labelRoom = createLabelRoom(map);
	map.addControl(new ScaleControl({ maxWidth: scalePx }), 'bottom-right');

	let shown = options.shown;
	let selectedNo: number | null = null;
	let view: FleetView | null = null;
	let viewedFrom: Camera | null = null;
	let isAsking = false;
	let isDue = true;
	let isRemoved = false;

	function camera(): Camera {
		const { lng, lat } = map.getCenter().wrap();
		const { clientWidth, clientHeight } = container;
		return {
			centerX: mercatorX(lng),
			centerY: mercatorY(lat),
			zoom: map.getZoom(),
			widthPx: clientWidth,
			heightPx: clientHeight,
		};
	}

	async function refresh(): Promise<void> {
		if (isAsking || isRemoved || document.hidden) return;
		isAsking = true;
		isDue = false;
		const from = camera();
		const next = await fleet.view({ ...from, ...shown, selectedNo });
		isAsking = false;
		if (isRemoved) return;
		view = next;
		viewedFrom = from;
		points.setPoints(next.points);
		overlay.setClusters(next.clusters);
		overlay.setRing(placeOf(next.selected));
		labelRoom.update(next.clusters);
		options.onView(next);
		map.triggerRepaint();
		if (isOutgrown()) void refresh();
	}

	/** Whether the map has left what the last view shows. */
	function isOutgrown(): boolean {
		if (viewedFrom === null) return true;
		const now = camera();
		if (now.zoom !== viewedFrom.zoom || now.widthPx !== viewedFrom.widthPx) return true;
		const moved = project(now, viewedFrom.centerX, viewedFrom.centerY);
		return (
			Math.abs(moved.x - now.widthPx / 2) > now.widthPx * movedBy ||
			Math.abs(moved.y - now.heightPx / 2) > now.heightPx * movedBy
		);
	}

	function whereIs(deviceNo: number): { x: number; y: number } | null {
		if (view === null) return null;
		const record =
			deviceNo === selectedNo && view.selected !== null
				? view.selected
				: recordOf(view, view.pointNos.indexOf(deviceNo));
		return record === null ? null : project(camera(), record[0]!, record[1]!);
	}

	/** The nearest drawn device to a point of the map. */
	function deviceAt(x: number, y: number): number | null {
		if (view === null) return null;
		const from = camera();
		const reach = Math.max(pickPx, pointPx(from.zoom, view.pointNos.length) / 2 + 3);
		const reachSteps = reach * stepsPerPx(from.zoom);
		const atX = from.centerX + (x - from.widthPx / 2) * stepsPerPx(from.zoom);
		const atY = from.centerY + (y - from.heightPx / 2) * stepsPerPx(from.zoom);
		let nearest = reachSteps;
		let found: number | null = null;
		for (let place = 0; place < view.pointNos.length; place++) {
			// Goes round the world as the difference of two 32-bit numbers does.
			const dx = (view.points[place * 3]! - atX) | 0;
			const dy = view.points[place * 3 + 1]! - atY;
			const distance = Math.hypot(dx, dy);
			if (distance >= nearest) continue;
			nearest = distance;
			found = view.pointNos[place]!;
		}
		return found;
	}

	function hover({ point }: MapMouseEvent): void {
		const cluster = overlay.clusterAt(camera(), point.x, point.y);
		const deviceNo = cluster === null ? deviceAt(point.x, point.y) : null;
		map.getCanvas().style.cursor = cluster !== null || deviceNo !== null ? 'pointer' : '';
		options.onHover(deviceNo);
	}

	function press({ point }: MapMouseEvent): void {
		const cluster = overlay.clusterAt(camera(), point.x, point.y);
		if (cluster === null) {
			options.onSelect(deviceAt(point.x, point.y));
			return;
		}
		map.easeTo({
			center: [longitudeOf(cluster.x), latitudeOf(cluster.y)],
			zoom: map.getZoom() + clusterZoom,
			animate: !isStill.matches,
		});
	}

	map.on('render', () => {
		overlay.paint(camera());
		options.onFrame(whereIs);
	});
	map.on('move', () => {
		if (isOutgrown()) void refresh();
	});
	map.on('moveend', () => {
		isDue = true;
		const { lng, lat } = map.getCenter().wrap();
		options.onRest({ lon: lng, lat, zoom: map.getZoom() });
	});
	map.on('resize', () => {
		isDue = true;
	});
	map.on('mousemove', hover);
	map.on('mouseout', () => options.onHover(null));
	map.on('click', press);
	const unlisten = fleet.onChange(() => {
		isDue = true;
		// The first fleet is not kept waiting.
		if (view === null || view.counts.every((count) => count === 0)) void refresh();
	});
	const timer = setInterval(() => {
		if (isDue) void refresh();
	}, refreshMs);
	void refresh();

	function go(target: { center: [number, number]; zoom: number }): void {
		map.easeTo({ ...target, duration: flightMs, animate: !isStill.matches });
	}

	return {
		showLand: basemap.showLand,
		setScheme(scheme) {
			basemap.setScheme(scheme);
			const next = readPalette();
			points.setPalette(next);
			overlay.setPalette(next);
			map.triggerRepaint();
		},
		setShown(next) {
			shown = next;
			isDue = true;
			void refresh();
		},
		select(deviceNo) {
			selectedNo = deviceNo;
			isDue = true;
			void refresh();
		},
		flyTo(place) {
			go({ center: centerFor(place, place.zoom, options.covered()), zoom: place.zoom });
		},
		fit(bounds, { isSudden } = { isSudden: false }) {
			const target = cameraFor(bounds, camera(), options.covered());
			if (isSudden) map.jumpTo(target);
			else go(target);
		},
		zoomBy(levels) {
			map.easeTo({ zoom: map.getZoom() + levels, animate: !isStill.matches });
		},
		remove() {
			isRemoved = true;
			clearInterval(timer);
			unlisten();
			basemap.remove();
		},
	};
}

function recordOf({ points }: FleetView, place: number): Uint32Array | null {
	return place < 0 ? null : points.subarray(place * 3, place * 3 + 3);
}

function placeOf(record: Uint32Array | null): { x: number; y: number } | null {
	return record === null ? null : { x: record[0]!, y: record[1]! };
}
