import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NearestLocation } from './nearest-location.ts';

const lat = fc.double({ min: -90, max: 90, noNaN: true });
const lon = fc.double({ min: -180, max: 180, noNaN: true });
const place = fc.record({ lat, lon });

/** Great-circle distance in radians (haversine). */
function distance(one: { lat: number; lon: number }, other: { lat: number; lon: number }): number {
	const radians = Math.PI / 180;
	const a =
		Math.sin(((other.lat - one.lat) * radians) / 2) ** 2 +
		Math.cos(one.lat * radians) *
			Math.cos(other.lat * radians) *
			Math.sin(((other.lon - one.lon) * radians) / 2) ** 2;
	return 2 * Math.asin(Math.min(1, Math.sqrt(a)));
}

test('no place is nearer than the one that is found', () => {
	fc.assert(
		fc.property(fc.array(place, { minLength: 1, maxLength: 60 }), place, (places, at) => {
			const numbered = places.map((each, index) => ({ ...each, locationNo: index + 1 }));
			const foundNo = new NearestLocation(numbered).find(at.lat, at.lon);
			const found = numbered[foundNo - 1]!;
			const nearest = Math.min(...numbered.map((each) => distance(at, each)));
			expect(distance(at, found)).toBeLessThanOrEqual(nearest + 1e-7);
		}),
	);
});

test('without places there is none', () => {
	expect(new NearestLocation([]).find(0, 0)).toBe(0);
});
