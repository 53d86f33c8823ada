import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { OwnTiles } from '#contract/own-tiles.ts';
import { labelFont, type MapScheme, mapColours, type SchemePaint } from './basemap-style.ts';

const source = 'own-tiles';
/** Images are made for paper-white pages. */
const darkBrightness = 0.55;

const roadColours: Record<MapScheme, { readonly road: string; readonly building: string }> = {
	light: { road: '#ffffff', building: '#e9eaec' },
	dark: { road: '#303b49', building: '#1e2732' },
};

/** The installation's tiles in the colours of the built-in basemap. */
export function ownTilesStyle(tiles: OwnTiles, scheme: MapScheme): StyleSpecification {
	const { kind, minZoom, maxZoom } = tiles;
	const url = `pmtiles://${tilesUrl(tiles)}`;
	return {
		version: 8,
		sources: {
			[source]:
				kind === 'raster'
					? { type: 'raster', url, tileSize: 256 }
					: { type: 'vector', url, minzoom: minZoom, maxzoom: maxZoom },
		},
		layers: kind === 'raster' ? rasterLayers(scheme) : vectorLayers(tiles, scheme),
	};
}

/** Address of the file at this page's server. */
export function tilesUrl({ path }: OwnTiles): string {
	return new URL(path, location.origin).href;
}

/** The paint that another scheme changes. */
export function ownTilesPaint(tiles: OwnTiles, scheme: MapScheme): readonly SchemePaint[] {
	const { water, land, border, label } = mapColours[scheme];
	const { road, building } = roadColours[scheme];
	if (tiles.kind === 'raster')
		return [
			['ground', 'background-color', water],
			['images', 'raster-brightness-max', scheme === 'dark' ? darkBrightness : 1],
		];
	return [
		['ground', 'background-color', hasLand(tiles) ? water : land],
		['land', 'fill-color', land],
		['water', 'fill-color', water],
		['buildings', 'fill-color', building],
		['roads', 'line-color', road],
		['borders', 'line-color', border],
		['road-names', 'text-color', label],
		['road-names', 'text-halo-color', land],
		['places', 'text-color', label],
		['places', 'text-halo-color', land],
	];
}

function rasterLayers(scheme: MapScheme): LayerSpecification[] {
	return [
		{
			id: 'ground',
			type: 'background',
			paint: { 'background-color': mapColours[scheme].water },
		},
		{
			id: 'images',
			type: 'raster',
			source,
			paint: {
				'raster-brightness-max': scheme === 'dark' ? darkBrightness : 1,
				'raster-fade-duration': 0,
			},
		},
	];
}

/** Protomaps draws the land and leaves the sea, OpenMapTiles the other way round. */
function hasLand({ layers }: OwnTiles): boolean {
	return layers.includes('earth');
}

/** Layers by the names that Protomaps and OpenMapTiles give them; what the file does not have is left out. */
function vectorLayers(tiles: OwnTiles, scheme: MapScheme): LayerSpecification[] {
	const { water, land, border, label } = mapColours[scheme];
	const { road, building } = roadColours[scheme];
	const named = (...names: string[]) => names.find((name) => tiles.layers.includes(name));
	const from = (layer: string | undefined, make: (layer: string) => LayerSpecification) =>
		layer === undefined ? [] : [make(layer)];
	const text = { 'text-color': label, 'text-halo-color': land, 'text-halo-width': 1.4 };
	return [
		{
			id: 'ground',
			type: 'background',
			paint: { 'background-color': hasLand(tiles) ? water : land },
		},
		...from(named('earth'), (layer) => ({
			id: 'land',
			type: 'fill',
			source,
			'source-layer': layer,
			paint: { 'fill-color': land, 'fill-antialias': false },
		})),
		...from(named('water'), (layer) => ({
			id: 'water',
			type: 'fill',
			source,
			'source-layer': layer,
			filter: ['==', ['geometry-type'], 'Polygon'],
			paint: { 'fill-color': water },
		})),
		...from(named('buildings', 'building'), (layer) => ({
			id: 'buildings',
			type: 'fill',
			source,
			'source-layer': layer,
			minzoom: 14,
			paint: { 'fill-color': building },
		})),
		...from(named('roads', 'transportation'), (layer) => ({
			id: 'roads',
			type: 'line',
			source,
			'source-layer': layer,
			layout: { 'line-cap': 'round', 'line-join': 'round' },
			paint: {
				'line-color': road,
				'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 6, 0.5, 12, 1.6, 18, 14],
			},
		})),
		...from(named('boundaries', 'boundary'), (layer) => ({
			id: 'borders',
			type: 'line',
			source,
			'source-layer': layer,
			paint: {
				'line-color': border,
				'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.6, 8, 1.3],
			},
		})),
		...from(named('transportation_name', 'roads'), (layer) => ({
			id: 'road-names',
			type: 'symbol',
			source,
			'source-layer': layer,
			minzoom: 13,
			layout: {
				'symbol-placement': 'line',
				'text-field': ['coalesce', ['get', 'name'], ''],
				'text-font': labelFont,
				'text-size': 11,
			},
			paint: text,
		})),
		...from(named('places', 'place'), (layer) => ({
			id: 'places',
			type: 'symbol',
			source,
			'source-layer': layer,
			layout: {
				'text-field': ['coalesce', ['get', 'name:en'], ['get', 'name'], ''],
				'text-font': labelFont,
				'text-size': ['interpolate', ['linear'], ['zoom'], 3, 11.5, 12, 15],
				'text-variable-anchor': ['center', 'left', 'right', 'top', 'bottom'],
				'text-radial-offset': 0.7,
				'text-padding': 6,
				// Protomaps ranks large places high, OpenMapTiles low.
				'symbol-sort-key': [
					'case',
					['has', 'population_rank'],
					['-', ['to-number', ['get', 'population_rank'], 0]],
					['to-number', ['get', 'rank'], 99],
				],
			},
			paint: text,
		})),
	];
}
