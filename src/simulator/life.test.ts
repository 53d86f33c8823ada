import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impossibleFields } from '../../tests/harness/possible-values.ts';
import { type PlayedDevice, playedDeviceSchema } from './credentials.ts';
import { planCycle } from './cycle.ts';
import { readDrive } from './drives.ts';
import { type Life, lifeBeforeMs, lifeOf } from './life.ts';
import type { NotedReading, Pace } from './transmission.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const drive = 'T3_05_25_2021_1';
const drives = join(import.meta.dirname, '../../data/twizy-rsk');
const cycles = new Map([[drive, planCycle(await readDrive(drives, drive))]]);
const coarse: Pace = { activeEveryMs: 60_000, restingEveryMs: 900_000 };

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const identity = { key: 'k', since: new Date(nowMs).toISOString() };
const played: fc.Arbitrary<PlayedDevice> = fc.oneof(
	fc
		.record({
			model: fc.constantFrom('scooter_48v', 'scooter_60v', 'cargo_51v'),
			seed: seeds,
			shift: fc.record({ startHour: fc.integer({ min: 0, max: 23 }), hours: fc.constant(13) }),
		})
		.map((facts) => ({
			...identity,
			...facts,
			deviceId: `EV-${facts.seed}`,
			town: { lat: 18.52, lon: 73.857, reachKm: 5 },
		})),
	fc
		.record({
			model: fc.constantFrom('x_pro', 'unified', 'ultra'),
			seed: seeds,
			network: fc.constantFrom('gsm', 'wifi'),
		})
		.map((facts) => ({ ...identity, ...facts, deviceId: `EN-${facts.seed}` })),
	seeds.map((seed) => ({ ...identity, deviceId: `R-${seed}`, replay: drive })),
);

/** Everything a life says from one instant to another, in the order of the device's own numbers. */
function told(life: Life, fromMs: number, toMs: number, pace: Pace | null): NotedReading[] {
	const readings: NotedReading[] = [];
	for (const { dueMs, messages } of life.transmissions(fromMs, pace)) {
		if (dueMs > toMs) break;
		readings.push(...messages.flat());
	}
	return readings.sort((a, b) => a.number - b.number);
}

describe('the life of a simulated device', () => {
	it('is the same at every telling', () => {
		fc.assert(
			fc.property(played, (device) => {
				const tell = () => told(lifeOf(device, 3, cycles, nowMs), nowMs - 7_200_000, nowMs, coarse);
				expect(tell()).toEqual(tell());
			}),
			{ numRuns: 40 },
		);
	});

	it('goes on now where its past has ended', () => {
		fc.assert(
			fc.property(
				played.filter((device) => !('replay' in device)),
				(device) => {
					const life = lifeOf(device, 3, cycles, nowMs);
					const past = told(life, nowMs - lifeBeforeMs, nowMs, coarse).at(-1);
					const live = told(life, nowMs, nowMs + 300_000, null)[0];
					if (past === undefined || live === undefined) return;
					for (const counter of ['odometer_km', 'total_hours', 'total_kwh'] as const) {
						const before = past.measured[counter];
						const after = live.measured[counter];
						if (before === undefined || after === undefined) continue;
						expect(after).toBeGreaterThanOrEqual(before);
						// No more than an hour of driving or running lies between: 15 minutes apart and a gap in coverage.
						expect(after - before).toBeLessThan(15);
					}
				},
			),
			{ numRuns: 40 },
		);
	});

	it('is told in rising numbers and times and with possible values only', () => {
		fc.assert(
			fc.property(played, (device) => {
				const readings = told(lifeOf(device, 3, cycles, nowMs), nowMs, nowMs + 3_600_000, null);
				expect(readings.length).toBeGreaterThan(20);
				for (const [index, { atMs, measured }] of readings.entries()) {
					expect(atMs).toBeGreaterThan(readings[index - 1]?.atMs ?? 0);
					expect(impossibleFields(measured)).toEqual([]);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it('has times without coverage, after which readings come late, and times without a position', () => {
		const life = lifeOf(
			playedDeviceSchema.parse({
				...identity,
				deviceId: 'EV-1',
				model: 'cargo_51v',
				seed: 5,
				town: { lat: 18.52, lon: 73.857, reachKm: 5 },
				shift: { startHour: 6, hours: 13 },
			}),
			0,
			cycles,
			nowMs,
		);
		let uncovered = 0;
		let late = 0;
		let withoutPosition = 0;
		for (const { dueMs, isCovered, messages } of life.transmissions(nowMs, null)) {
			if (dueMs > nowMs + 24 * 3_600_000) break;
			if (!isCovered) uncovered += 1;
			for (const { atMs, measured } of messages.flat()) {
				if (atMs < dueMs) late += 1;
				expect(measured.lat === undefined).toBe(measured.satellites === 0);
				if (measured.lat === undefined) withoutPosition += 1;
			}
		}
		expect(uncovered).toBeGreaterThan(0);
		expect(late).toBe(uncovered);
		expect(withoutPosition).toBeGreaterThan(0);
	});
});
