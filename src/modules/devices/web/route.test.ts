import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Track } from '../contract.ts';
import { advance, placeAt } from './playback.ts';
import { projectionOf } from './projection.ts';
import { distanceM, lastKnown, routeOf } from './route.ts';

const gapMs = 60_000;
const second = 1_000;

interface Given {
	readonly atSeconds: number;
	/** Metres north of the equator; none when the position was not reported. */
	readonly northM?: number;
	readonly speedKmh?: number;
}

function trackOf(given: readonly Given[]): Track {
	return {
		atMs: given.map((each) => each.atSeconds * second),
		lat: given.map(({ northM }) => (northM === undefined ? null : northM / 111_195)),
		lon: given.map(({ northM }) => (northM === undefined ? null : 0)),
		speedKmh: given.map((each) => each.speedKmh ?? null),
		socPct: given.map(() => null),
	};
}

describe('a route', () => {
	test('follows a position that is held for some readings and then moves on', () => {
		const held = Array.from({ length: 40 }, (_, atSeconds) => ({
			atSeconds,
			northM: Math.floor(atSeconds / 13) * 13 * 12.5,
			speedKmh: 45,
		}));
		const route = routeOf(trackOf(held), gapMs);
		expect(route.jumps).toEqual([]);
		expect(route.runs).toEqual([held.map((each) => each.atSeconds)]);
	});

	test('jumps where the reported speed cannot have brought the device', () => {
		const route = routeOf(
			trackOf([
				{ atSeconds: 0, northM: 0, speedKmh: 30 },
				{ atSeconds: 5, northM: 40, speedKmh: 30 },
				{ atSeconds: 10, northM: 5_000, speedKmh: 30 },
				{ atSeconds: 15, northM: 5_040, speedKmh: 30 },
			]),
			gapMs,
		);
		expect(route.runs).toEqual([
			[0, 1],
			[2, 3],
		]);
		expect(route.jumps).toMatchObject([{ from: 1, to: 2 }]);
		expect(route.jumps[0]?.distanceM).toBeCloseTo(4_960, 0);
	});

	test('breaks where the device was silent, and where it did not know where it was', () => {
		const route = routeOf(
			trackOf([
				{ atSeconds: 0, northM: 0, speedKmh: 30 },
				{ atSeconds: 30, northM: 200, speedKmh: 30 },
				{ atSeconds: 91, northM: 700, speedKmh: 30 },
				{ atSeconds: 120, speedKmh: 30 },
				{ atSeconds: 152, northM: 1_000, speedKmh: 30 },
			]),
			gapMs,
		);
		expect(route.runs).toEqual([[0, 1], [2], [4]]);
		expect(route.gaps).toEqual([{ fromMs: 30_000, toMs: 91_000 }]);
	});

	test('shows the last known value, but none that is older than a gap', () => {
		const track = trackOf([{ atSeconds: 0, speedKmh: 9 }, { atSeconds: 50 }, { atSeconds: 100 }]);
		expect([0, 1, 2].map((place) => lastKnown(track, track.speedKmh, place, gapMs))).toEqual([
			9,
			9,
			null,
		]);
	});
});

describe('playback', () => {
	const instants = fc
		.array(fc.integer({ min: 1, max: 3 * gapMs }), { minLength: 1, maxLength: 30 })
		.map((steps) => {
			let atMs = 0;
			return steps.map((step) => {
				atMs += step;
				return atMs;
			});
		});

	test('finds the reading that is shown at an instant', () => {
		fc.assert(
			fc.property(instants, fc.integer({ min: 0, max: 90 * gapMs }), (instantsMs, atMs) => {
				const expected = instantsMs.findLastIndex((each) => each <= atMs);
				expect(placeAt(instantsMs, atMs)).toBe(Math.max(0, expected));
			}),
		);
	});

	test('goes forward, never stands in silence, and loses no recorded time', () => {
		fc.assert(
			fc.property(
				instants,
				fc.array(fc.integer({ min: 1, max: gapMs }), { maxLength: 40 }),
				(instantsMs, plays) => {
					const firstMs = instantsMs[0] ?? 0;
					const lastMs = instantsMs.at(-1) ?? 0;
					const silentMs = (untilMs: number) =>
						instantsMs.reduce((sum, atMs, place) => {
							const before = instantsMs[place - 1] ?? atMs;
							return atMs <= untilMs && atMs - before > gapMs ? sum + atMs - before : sum;
						}, 0);
					let atMs = firstMs;
					let playedMs = 0;
					for (const play of plays) {
						const next = advance(instantsMs, atMs, play, gapMs);
						expect(next).toBeGreaterThanOrEqual(atMs);
						atMs = next;
						playedMs += play;
						const place = placeAt(instantsMs, atMs);
						const here = instantsMs[place] ?? 0;
						const following = instantsMs[place + 1] ?? here;
						if (atMs > here) expect(following - here).toBeLessThanOrEqual(gapMs);
						if (atMs === lastMs) break;
						// At a reading before silence both ends of the silence are the same moment of playback.
						expect(atMs - firstMs - silentMs(atMs)).toBe(playedMs);
					}
				},
			),
		);
	});
});

test('a drawing holds every position, north up, to scale', () => {
	const position = fc.record({
		lat: fc.double({ min: 33, max: 35, noNaN: true }),
		lon: fc.double({ min: -7, max: -5, noNaN: true }),
	});
	fc.assert(
		fc.property(fc.array(position, { minLength: 1, maxLength: 20 }), (positions) => {
			const projection = projectionOf(positions, 600, 400, 30);
			if (projection === null) throw new Error('nothing drawn');
			for (const each of positions) {
				const { x, y } = projection.point(each);
				expect(x).toBeGreaterThan(29.9);
				expect(x).toBeLessThan(570.1);
				expect(y).toBeGreaterThan(29.9);
				expect(y).toBeLessThan(370.1);
				expect(projection.point({ ...each, lat: each.lat + 0.01 }).y).toBeLessThan(y);
			}
			expect(projection.scale.widthPx).toBeLessThanOrEqual(120);
			expect(projection.scale.widthPx).toBeGreaterThan(40);
		}),
	);
	expect(projectionOf([], 600, 400, 30)).toBeNull();
	expect(distanceM({ lat: 0, lon: 0 }, { lat: 0, lon: 1 })).toBeCloseTo(111_195, 0);
});
