import { Map as GlMap, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import {
	basemapStyle,
	fineDetail,
	fineFromZoom,
	labelsLayer,
	type MapScheme,
	schemePaint,
} from './basemap-style.ts';

setWorkerUrl(workerUrl);

const closestZoom = 18;
const tilePx = 512;

export interface BasemapOptions {
	readonly container: HTMLElement;
	readonly scheme: MapScheme;
	readonly center: [lon: number, lat: number];
	readonly zoom: number;
	/** What a screen reader calls the map. */
	readonly label: string;
}

export interface Basemap {
	readonly map: GlMap;
	/** Repaints in another scheme. */
	setScheme(scheme: MapScheme): void;
	remove(): void;
}

/**
 * Puts the built-in basemap into an element: flat, north up, its world never narrower than the element, so that every
 * place is on it once. Resolves when its style is there; outlines follow.
 */
export async function createBasemap(options: BasemapOptions): Promise<Basemap> {
	let { scheme } = options;
	// Labels are drawn with the page's font, once.
	await document.fonts.load('14px "Inter Variable"');
	const map = new GlMap({
		container: options.container,
		style: basemapStyle(scheme),
		center: options.center,
		zoom: options.zoom,
		minZoom: smallestZoom(options.container),
		maxZoom: closestZoom,
		maxPitch: 0,
		dragRotate: false,
		pitchWithRotate: false,
		touchPitch: false,
		fadeDuration: 0,
		attributionControl: false,
		locale: { 'Map.Title': options.label },
	});
	map.touchZoomRotate.disableRotation();
	map.keyboard.disableRotation();
	map.on('resize', () => map.setMinZoom(smallestZoom(options.container)));

	let isFine = false;
	function addFineDetail(): void {
		if (isFine || map.getZoom() < fineFromZoom) return;
		isFine = true;
		const { sources, outlines, places } = fineDetail(scheme);
		for (const [id, source] of Object.entries(sources)) map.addSource(id, source);
		for (const layer of outlines) map.addLayer(layer, labelsLayer);
		map.addLayer(places, labelsLayer);
		// The large places are among all of them.
		map.setLayerZoomRange('places-large', 0, fineFromZoom);
		map.on('sourcedata', hideCoarse);
	}

	/** Coarse land sticks out of the fine one; it stays until that is here. */
	function hideCoarse(): void {
		if (!map.isSourceLoaded('land-fine')) return;
		map.off('sourcedata', hideCoarse);
		for (const layer of ['land-coarse', 'coast-coarse', 'borders-coarse'])
			map.setLayerZoomRange(layer, 0, fineFromZoom);
	}

	await new Promise<void>((resolve) => map.once('style.load', () => resolve()));
	map.on('zoom', addFineDetail);
	addFineDetail();

	return {
		map,
		setScheme(next) {
			scheme = next;
			for (const [layer, property, value] of schemePaint(next))
				if (map.getLayer(layer) !== undefined) map.setPaintProperty(layer, property, value);
		},
		remove: () => map.remove(),
	};
}

function smallestZoom({ clientWidth, clientHeight }: HTMLElement): number {
	return Math.max(0, Math.log2(Math.max(clientWidth, clientHeight) / tilePx));
}
