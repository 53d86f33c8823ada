import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impossibleFields } from '../../../tests/harness/possible-values.ts';
import type { Measured } from '../reading.ts';
import { type ElectricModel, electricModel, electricModels, newElectric } from './electric.ts';
import { followPhases } from './phase.ts';
import type { Town } from './street-route.ts';

const hourMs = 3_600_000;
const bornMs = Date.UTC(2026, 0, 5);
const names = Object.keys(electricModels) as ElectricModel[];

const lives = fc.record({
	name: fc.constantFrom(...names),
	seed: fc.integer({ min: 0, max: 0xffff_ffff }),
	town: fc.record({
		lat: fc.double({ min: -60, max: 60, noNaN: true }),
		lon: fc.double({ min: -170, max: 170, noNaN: true }),
		reachKm: fc.double({ min: 1, max: 8, noNaN: true }),
	}),
	shiftStartHour: fc.integer({ min: 0, max: 23 }),
	/** Seconds between looks: now close together, now far apart. */
	gapsSeconds: fc.array(fc.integer({ min: 1, max: 2_400 }), { minLength: 20, maxLength: 150 }),
});
type LifeCase = typeof lives extends fc.Arbitrary<infer Case> ? Case : never;

/** What is measured at each look, and just before whatever ends in between, so that nothing is overlooked. */
function watch({ name, seed, town, shiftStartHour, gapsSeconds }: LifeCase): Measured[] {
	const work = { town, shiftStartHour, shiftHours: 13 };
	const phaseAt = followPhases(
		electricModel(electricModels[name], work),
		newElectric(seed, town),
		bornMs,
	);
	const seen: Measured[] = [];
	let atMs = bornMs;
	for (const gapSeconds of gapsSeconds) {
		const lookAtMs = atMs + gapSeconds * 1000;
		while (atMs < lookAtMs) {
			const phase = phaseAt(atMs);
			seen.push(phase.measuredAt(atMs));
			const nextMs = Math.min(lookAtMs, phase.endMs);
			seen.push(phase.measuredAt(nextMs));
			atMs = nextMs;
		}
	}
	return seen;
}

function pairs(seen: readonly Measured[]): [Measured, Measured][] {
	return seen.slice(1).map((after, index) => [seen[index] ?? after, after]);
}

const number = (value: number | undefined) => value ?? Number.NaN;

describe('a modelled electric vehicle', () => {
	it('uses its battery only by driving and fills it only by charging', () => {
		fc.assert(
			fc.property(lives, (life) => {
				for (const [before, after] of pairs(watch(life))) {
					const drivenKm = number(after.odometer_km) - number(before.odometer_km);
					const usedPct = number(before.soc_pct) - number(after.soc_pct);
					expect(drivenKm).toBeGreaterThanOrEqual(0);
					// A metre may take the state of charge over a decimal and not the odometer.
					if (usedPct > 0.11 || (usedPct > 0 && !before.ignition))
						expect(drivenKm).toBeGreaterThan(0);
					if (usedPct < 0) expect(before.charging).toBe(true);
					if (before.charging) expect(drivenKm).toBe(0);
				}
			}),
		);
	});

	it('never runs empty, and its range follows from its state of charge', () => {
		fc.assert(
			fc.property(lives, (life) => {
				const { fullRangeKm, nominalV } = electricModels[life.name];
				for (const { soc_pct, range_km, battery_v } of watch(life)) {
					expect(soc_pct).toBeGreaterThan(1);
					expect(soc_pct).toBeLessThanOrEqual(100);
					expect(Math.abs(number(range_km) - (number(soc_pct) / 100) * fullRangeKm)).toBeLessThan(
						0.2,
					);
					expect(number(battery_v) / nominalV).toBeGreaterThan(0.8);
					expect(number(battery_v) / nominalV).toBeLessThan(1.15);
				}
			}),
		);
	});

	it('moves only with the ignition on, no faster than it can, along what the odometer says', () => {
		fc.assert(
			fc.property(lives, (life) => {
				const topKmh = electricModels[life.name].cruiseKmh[1];
				const seen = watch(life);
				for (const { speed_kmh, ignition, charging } of seen) {
					expect(speed_kmh).toBeLessThanOrEqual(topKmh);
					if (number(speed_kmh) > 0) expect(ignition).toBe(true);
					if (charging) expect(ignition).toBe(false);
				}
				for (const [before, after] of pairs(seen)) {
					const drivenKm = number(after.odometer_km) - number(before.odometer_km);
					// As the crow flies it is never further than by the road, but for the roundness of the earth.
					expect(distanceKm(before, after)).toBeLessThanOrEqual(1.004 * drivenKm + 0.005);
				}
			}),
		);
	});

	it('stays within reach of its town and says only possible values', () => {
		fc.assert(
			fc.property(lives, (life) => {
				for (const measured of watch(life)) {
					const centre = { lat: life.town.lat, lon: life.town.lon };
					expect(distanceKm(centre, measured)).toBeLessThan(life.town.reachKm + 0.2);
					expect(impossibleFields(measured)).toEqual([]);
				}
			}),
		);
	});

	it('is the same however often one looks', () => {
		fc.assert(
			fc.property(lives, fc.integer({ min: 0, max: 96 * 60 }), (life, minutes) => {
				const { town, seed } = life;
				const work = { town, shiftStartHour: life.shiftStartHour, shiftHours: 13 };
				const model = electricModel(electricModels[life.name], work);
				const looked = followPhases(model, newElectric(seed, town), bornMs);
				const atMs = bornMs + minutes * 60_000;
				for (let lookMs = bornMs; lookMs < atMs; lookMs += 10 * 60_000) looked(lookMs);
				const atOnce = followPhases(model, newElectric(seed, town), bornMs);
				expect(looked(atMs).measuredAt(atMs)).toEqual(atOnce(atMs).measuredAt(atMs));
			}),
			{ numRuns: 50 },
		);
	});

	it('drives, rests and charges within a day', () => {
		const town: Town = { lat: 18.52, lon: 73.857, reachKm: 5 };
		const gapsSeconds = Array.from({ length: 24 * 60 }, () => 60);
		const seen = watch({ name: 'scooter_48v', seed: 7, town, shiftStartHour: 8, gapsSeconds });
		const first = number(seen[0]?.odometer_km);
		const drivenKm = number(seen.at(-1)?.odometer_km) - first;
		expect(drivenKm).toBeGreaterThan(40);
		expect(drivenKm).toBeLessThan(220);
		expect(seen.some(({ charging }) => charging)).toBe(true);
		expect(seen.some(({ ignition, speed_kmh }) => ignition && speed_kmh === 0)).toBe(true);
		expect(seen.some(({ ignition, charging }) => !ignition && !charging)).toBe(true);
		expect((seen.length / 2) * 60_000).toBeGreaterThanOrEqual(24 * hourMs);
	});
});

function distanceKm(from: Measured, to: Measured): number {
	const northDeg = number(to.lat) - number(from.lat);
	const eastDeg =
		(number(to.lon) - number(from.lon)) * Math.cos((number(from.lat) * Math.PI) / 180);
	return Math.hypot(northDeg, eastDeg) * 111.32;
}
