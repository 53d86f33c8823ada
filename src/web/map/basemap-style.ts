import basemap from 'virtual:basemap';
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';

export type MapScheme = 'light' | 'dark';

export interface MapColours {
	readonly land: string;
	readonly water: string;
	readonly border: string;
	readonly coast: string;
	readonly label: string;
}

export const mapColours: Record<MapScheme, MapColours> = {
	light: {
		land: '#f8f8f6',
		water: '#dfe7ee',
		border: '#9aa5b5',
		coast: '#c3cfda',
		label: '#4c5766',
	},
	dark: {
		land: '#18202a',
		water: '#0c1218',
		border: '#4a5768',
		coast: '#2b3846',
		label: '#a5b0bd',
	},
};

/** From this zoom on the fine outlines and all places are loaded and shown. */
export const fineFromZoom = 5.2;

/** Fine detail goes below it. */
export const labelsLayer = 'places-large';

/** The font stack of labels; without glyphs MapLibre draws text with the page's own font of that name. */
export const labelFont = ['Inter Variable'];

/** Natural Earth's land and borders and GeoNames' places, as files of this portal; nothing comes from elsewhere. */
export function basemapStyle(scheme: MapScheme): StyleSpecification {
	return {
		version: 8,
		sources: {
			'land-coarse': { type: 'geojson', data: basemap['land-coarse'], maxzoom: 6 },
			'borders-coarse': { type: 'geojson', data: basemap['borders-coarse'], maxzoom: 6 },
			'places-large': { type: 'geojson', data: basemap['places-large'], maxzoom: 8 },
		},
		layers: [
			{ id: 'water', type: 'background', paint: { 'background-color': mapColours[scheme].water } },
			...outlines('coarse', scheme),
			places('places-large', scheme, 0),
		],
	};
}

/** Sources and layers to be added once somebody looks closely; each layer with the one it goes below. */
export function fineDetail(scheme: MapScheme) {
	return {
		sources: {
			'land-fine': { type: 'geojson', data: basemap['land-fine'], maxzoom: 10 },
			'borders-fine': { type: 'geojson', data: basemap['borders-fine'], maxzoom: 10 },
			'places-all': { type: 'geojson', data: basemap['places-all'], maxzoom: 10 },
		},
		outlines: outlines('fine', scheme),
		places: places('places-all', scheme, fineFromZoom),
	} as const;
}

/** A paint property that another scheme changes. */
export type SchemePaint = readonly [
	layer: string,
	property:
		| 'background-color'
		| 'fill-color'
		| 'line-color'
		| 'text-color'
		| 'text-halo-color'
		| 'raster-brightness-max',
	value: string | number,
];

/** The paint that another scheme changes. */
export function schemePaint(scheme: MapScheme): readonly SchemePaint[] {
	const { land, water, border, coast, label } = mapColours[scheme];
	return [
		['water', 'background-color', water],
		...(['coarse', 'fine'] as const).flatMap((detail) => [
			[`land-${detail}`, 'fill-color', land] as const,
			[`coast-${detail}`, 'line-color', coast] as const,
			[`borders-${detail}`, 'line-color', border] as const,
		]),
		...(['places-large', 'places-all'] as const).flatMap((id) => [
			[id, 'text-color', label] as const,
			[id, 'text-halo-color', land] as const,
		]),
	];
}

function outlines(detail: 'coarse' | 'fine', scheme: MapScheme): LayerSpecification[] {
	const { land, border, coast } = mapColours[scheme];
	const range = detail === 'fine' ? { minzoom: fineFromZoom } : {};
	return [
		{
			id: `land-${detail}`,
			type: 'fill',
			source: `land-${detail}`,
			...range,
			paint: { 'fill-color': land, 'fill-antialias': false },
		},
		{
			id: `coast-${detail}`,
			type: 'line',
			source: `land-${detail}`,
			...range,
			paint: { 'line-color': coast, 'line-width': 0.8 },
		},
		{
			id: `borders-${detail}`,
			type: 'line',
			source: `borders-${detail}`,
			...range,
			paint: {
				'line-color': border,
				'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.6, 8, 1.3],
			},
		},
	];
}

/** A place shows from the zoom at which its size matters. */
const isLargeEnough: ExpressionSpecification = [
	'>=',
	['get', 'population'],
	[
		'step',
		['zoom'],
		6_000_000,
		3,
		3_000_000,
		4,
		1_000_000,
		5,
		400_000,
		6.5,
		150_000,
		8,
		60_000,
		9.5,
		25_000,
		11,
		0,
	],
];

function places(
	id: 'places-large' | 'places-all',
	scheme: MapScheme,
	minzoom: number,
): LayerSpecification {
	const { land, label } = mapColours[scheme];
	return {
		id,
		type: 'symbol',
		source: id,
		minzoom,
		filter: isLargeEnough,
		layout: {
			'text-field': ['get', 'name'],
			'text-font': labelFont,
			'text-size': [
				'interpolate',
				['linear'],
				['zoom'],
				3,
				['case', ['>=', ['get', 'population'], 5_000_000], 12.5, 11.5],
				12,
				['case', ['>=', ['get', 'population'], 1_000_000], 17, 13],
			],
			'text-variable-anchor': ['center', 'left', 'right', 'top', 'bottom'],
			'text-radial-offset': 0.7,
			'text-padding': 6,
			'symbol-sort-key': ['-', ['get', 'population']],
		},
		paint: { 'text-color': label, 'text-halo-color': land, 'text-halo-width': 1.4 },
	};
}
