import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import { latitudeOf, longitudeOf } from '#contract/mercator.ts';
import { type Cluster, clusterRadiusPx } from '../fleet/clusters.ts';

const id = 'bubbles';
const imagePx = 32;
/** Labels are laid out anew at most this often. */
const everyMs = 900;

/** Keeps room for the bubbles among the names of places: invisible symbols of their size push names aside. */
export function createLabelRoom(map: GlMap): { update(clusters: readonly Cluster[]): void } {
	map.addImage(id, {
		width: imagePx,
		height: imagePx,
		data: new Uint8Array(imagePx * imagePx * 4),
	});
	map.addSource(id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
	map.addLayer({
		id,
		type: 'symbol',
		source: id,
		layout: {
			'icon-image': id,
			'icon-allow-overlap': true,
			'icon-size': ['get', 'size'],
		},
	});
	let updatedAtMs = Number.NEGATIVE_INFINITY;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let shown = '';

	function show(clusters: readonly Cluster[]): void {
		updatedAtMs = performance.now();
		const features = clusters.map(({ x, y, total }) => ({
			type: 'Feature' as const,
			properties: { size: (2 * clusterRadiusPx(total)) / imagePx },
			geometry: { type: 'Point' as const, coordinates: [longitudeOf(x), latitudeOf(y)] },
		}));
		// A bubble that moves by a hair needs no other room.
		const text = features
			.map(({ properties, geometry }) =>
				[properties.size.toFixed(1), ...geometry.coordinates.map((part) => part.toFixed(1))].join(),
			)
			.join(' ');
		if (text === shown) return;
		shown = text;
		map.getSource<GeoJSONSource>(id)?.setData({ type: 'FeatureCollection', features });
	}

	map.once('remove', () => clearTimeout(timer));
	return {
		update(clusters) {
			clearTimeout(timer);
			const waitMs = updatedAtMs + everyMs - performance.now();
			timer = setTimeout(() => show(clusters), Math.max(0, waitMs));
		},
	};
}
