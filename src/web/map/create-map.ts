import { Map as GlMap, type LayerSpecification, prewarm, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { OwnTiles } from '#contract/own-tiles.ts';
import {
	basemapStyle,
	fineDetail,
	fineFromZoom,
	labelsLayer,
	type MapScheme,
	schemePaint,
} from './basemap-style.ts';
import { ownTilesPaint, ownTilesStyle, tilesUrl } from './own-tiles-style.ts';
import { text } from './text.ts';

setWorkerUrl(workerUrl);
// Its worker loads while the page is still being put together.
prewarm();

const closestZoom = 18;
const tilePx = 512;

export interface BasemapOptions {
	readonly container: HTMLElement;
	readonly scheme: MapScheme;
	readonly center: [lon: number, lat: number];
	readonly zoom: number;
	/** What a screen reader calls the map. */
	readonly label: string;
	/** Tiles of the installation; null: the built-in basemap. */
	readonly ownTiles: OwnTiles | null;
	/** Part of a page that scrolls: the wheel alone and one finger move the page, not the map. */
	readonly isEmbedded?: boolean;
}

export interface Basemap {
	readonly map: GlMap;
	/** Draws the land, once the map looks where it is meant to: drawing the world first would be for nothing. */
	showLand(): void;
	/** Repaints in another scheme. */
	setScheme(scheme: MapScheme): void;
	remove(): void;
}

/**
 * Puts a basemap into an element: flat, north up, its world never narrower than the element, so that every place is on
 * it once. Resolves when its style is there; the land is read, and drawn by `showLand`.
 */
export async function createBasemap(options: BasemapOptions): Promise<Basemap> {
	let { scheme } = options;
	const { ownTiles } = options;
	// Labels are drawn with the page's font, once.
	await Promise.all([
		document.fonts.load('14px "Inter Variable"'),
		ownTiles === null ? null : offer(ownTiles),
	]);
	const style = ownTiles === null ? basemapStyle(scheme) : ownTilesStyle(ownTiles, scheme);
	const land = style.layers.filter(({ type }) => type !== 'background');
	const map = new GlMap({
		container: options.container,
		style: {
			...style,
			layers: style.layers.map((layer) => (land.includes(layer) ? hidden(layer) : layer)),
		},
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
		cooperativeGestures: options.isEmbedded ?? false,
		locale: {
			'Map.Title': options.label,
			'CooperativeGesturesHandler.WindowsHelpText': text('wheelHelp'),
			'CooperativeGesturesHandler.MacHelpText': text('wheelHelpMac'),
			'CooperativeGesturesHandler.MobileHelpText': text('touchHelp'),
		},
	});
	map.touchZoomRotate.disableRotation();
	map.keyboard.disableRotation();
	map.on('resize', () => map.setMinZoom(smallestZoom(options.container)));

	let isFine = false;
	function addFineDetail(): void {
		if (ownTiles !== null || isFine || map.getZoom() < fineFromZoom) return;
		isFine = true;
		const { sources, outlines, places } = fineDetail(scheme);
		for (const [id, source] of Object.entries(sources)) map.addSource(id, source);
		for (const layer of outlines) map.addLayer(layer, labelsLayer);
		map.addLayer(places, labelsLayer);
		map.on('sourcedata', hideCoarse);
	}

	/** Coarse land sticks out of the fine one, and the large places are among all of them; they stay until those are here. */
	function hideCoarse(): void {
		if (!map.isSourceLoaded('land-fine') || !map.isSourceLoaded('places-all')) return;
		map.off('sourcedata', hideCoarse);
		for (const layer of ['land-coarse', 'coast-coarse', 'borders-coarse', 'places-large'])
			map.setLayerZoomRange(layer, 0, fineFromZoom);
	}

	await new Promise<void>((resolve) => map.once('style.load', () => resolve()));

	let isLandShown = false;
	return {
		map,
		showLand() {
			if (isLandShown) return;
			isLandShown = true;
			for (const { id } of land) map.setLayoutProperty(id, 'visibility', 'visible');
			map.on('zoom', addFineDetail);
			addFineDetail();
		},
		setScheme(next) {
			scheme = next;
			const paint = ownTiles === null ? schemePaint(next) : ownTilesPaint(ownTiles, next);
			for (const [layer, property, value] of paint)
				if (map.getLayer(layer) !== undefined) map.setPaintProperty(layer, property, value);
		},
		remove: () => map.remove(),
	};
}

/** The reader of PMTiles is loaded where an installation has some. */
async function offer(ownTiles: OwnTiles): Promise<void> {
	const { offerTiles } = await import('./own-tiles-protocol.ts');
	offerTiles(tilesUrl(ownTiles));
}

/** MapLibre reads the data of a hidden layer, but makes no tiles of them. */
function hidden(layer: LayerSpecification): LayerSpecification {
	// Backgrounds have no data; each other kind of layer has its own type of layout.
	return Object.assign({}, layer, { layout: { ...layer.layout, visibility: 'none' } });
}

function smallestZoom({ clientWidth, clientHeight }: HTMLElement): number {
	return Math.max(0, Math.log2(Math.max(clientWidth, clientHeight) / tilePx));
}
