import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Track } from '../contract.ts';
import { advance, placeAt } from './playback.ts';
import { distanceM, lastKnown, routeOf } from './route.ts';
import { drawRoute, speedBand } from './route-drawing.ts';

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

test('a great circle is as long as the mean earth says', () => {
	expect(distanceM({ lat: 0, lon: 0 }, { lat: 0, lon: 1 })).toBeCloseTo(111_195, 0);
});

describe('a drawn route', () => {
	/** One pixel is a metre; north is up. */
	const project = ({ lat, lon }: { readonly lat: number; readonly lon: number }) => ({
		x: lon * 111_195,
		y: -lat * 111_195,
	});
	const given = [
		{ atSeconds: 0, northM: 0, speedKmh: 5 },
		{ atSeconds: 10, northM: 30, speedKmh: 12 },
		{ atSeconds: 20, northM: 130, speedKmh: 41 },
		{ atSeconds: 30, northM: 230 },
		{ atSeconds: 40 },
		{ atSeconds: 50, northM: 200, speedKmh: 10 },
		{ atSeconds: 500, northM: 500, speedKmh: 10 },
	];
	const track = trackOf(given);
	const drawing = drawRoute(track, routeOf(track, gapMs), project);

	test('has one line for each colour, and none where the device was silent', () => {
		expect(Object.fromEntries(drawing.lines.map(({ band, path }) => [String(band), path]))).toEqual(
			{
				0: 'M0.0 0.0L0.0 -30.0M0.0 -230.0L0.0 -200.0M0.0 -500.0L0.0 -500.0',
				2: 'M0.0 -30.0L0.0 -130.0',
				null: 'M0.0 -130.0L0.0 -230.0',
			},
		);
	});

	test('knows where the device was, which way it went, and which reading a pointer means', () => {
		expect(drawing.at(4)?.y).toBeCloseTo(-230);
		expect([0, 2, 4, 5, 6].map(drawing.headingAt)).toEqual([0, 0, 0, 180, null]);
		expect(drawing.nearest({ x: 5, y: -128 }, 40)).toBe(2);
		expect(drawing.nearest({ x: 300, y: -128 }, 40)).toBeNull();
	});

	test('tells speeds apart at the lower end of each colour', () => {
		expect([null, -1, 0, 19.9, 20, 59, 60, 140].map(speedBand)).toEqual([
			null,
			0,
			0,
			0,
			1,
			2,
			3,
			3,
		]);
	});
});
