import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cameraOver, positionUnder, projectionOf, scaleBarOf } from './flat-camera.ts';

const size = { widthPx: 600, heightPx: 400 };

test.each([
	['on land', -7],
	['across the antimeridian', 179],
])('a camera sees every position, north up, %s', (_, west) => {
	const position = fc.record({
		lat: fc.double({ min: 33, max: 35, noNaN: true }),
		lon: fc
			.double({ min: west, max: west + 2, noNaN: true })
			.map((lon) => (lon > 180 ? lon - 360 : lon)),
	});
	fc.assert(
		fc.property(fc.array(position, { minLength: 1, maxLength: 20 }), (positions) => {
			const camera = cameraOver(positions, size, 30);
			if (camera === null) throw new Error('nothing seen');
			const project = projectionOf(camera, size);
			for (const each of positions) {
				const { x, y } = project(each);
				expect(x).toBeGreaterThan(29.9);
				expect(x).toBeLessThan(570.1);
				expect(y).toBeGreaterThan(29.9);
				expect(y).toBeLessThan(370.1);
				expect(project({ ...each, lat: each.lat + 0.01 }).y).toBeLessThan(y);
			}
			expect(camera.zoom).toBeLessThanOrEqual(16);
			const { widthPx } = scaleBarOf(camera);
			expect(widthPx).toBeLessThanOrEqual(120);
			expect(widthPx).toBeGreaterThan(40);
		}),
	);
});

test('a scale is as long as it says', () => {
	const camera = { lat: 60, lon: 10, zoom: 12 };
	const { metres, widthPx } = scaleBarOf(camera);
	const project = projectionOf(camera, size);
	const metresPerDegree = 111_195 / 2;
	const there = project({ lat: 60, lon: 10 + metres / metresPerDegree });
	expect(Math.abs(there.x - size.widthPx / 2 - widthPx)).toBeLessThan(0.5);
});

test('without positions there is nothing to see', () => {
	expect(cameraOver([], size, 30)).toBeNull();
});

test('the position under a point is the one that the camera sees there', () => {
	const camera = fc.record({
		lat: fc.double({ min: -70, max: 70, noNaN: true }),
		lon: fc.double({ min: -180, max: 179.9, noNaN: true }),
		zoom: fc.double({ min: 3, max: 16, noNaN: true }),
	});
	const point = fc.record({ x: fc.nat(600), y: fc.nat(400) });
	fc.assert(
		fc.property(camera, point, (seen, at) => {
			const there = projectionOf(seen, size)(positionUnder(at, seen, size));
			expect(there.x).toBeCloseTo(at.x, 1);
			expect(there.y).toBeCloseTo(at.y, 1);
		}),
	);
});
