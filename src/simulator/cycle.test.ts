import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireReading } from '#contract/device-reading.ts';
import { impossibleFields } from '../../tests/harness/possible-values.ts';
import {
	type Cycle,
	parkedBeforeChargingMs,
	parkedReportEveryMs,
	planCycle,
	playCycle,
	startOffsetMs,
} from './cycle.ts';
import { type Drive, type DriveRow, listDrives, readDrive } from './drives.ts';
import { composeReading } from './reading.ts';

const folder = join(import.meta.dirname, '../../data/twizy-rsk');
const hourMs = 3_600_000;

function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
	return fc.option(value, { freq: 8 });
}

const drives: fc.Arbitrary<Drive> = fc
	.array(
		fc.record({
			lat: orNull(fc.double({ min: -2000, max: 2000, noNaN: true })),
			lon: orNull(fc.double({ min: -2000, max: 2000, noNaN: true })),
			altitudeM: orNull(fc.integer({ min: -400, max: 5000 })),
			speedKmh: orNull(fc.integer({ min: 0, max: 12_000 }).map((hundredths) => hundredths / 100)),
			socPct: orNull(fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100)),
			gear: orNull(fc.constantFrom('N', 'D', 'R')),
		}),
		{ minLength: 1, maxLength: 40 },
	)
	.map((rows) => ({
		name: 'X',
		rows: rows.map((row, offsetSeconds): DriveRow => ({ offsetSeconds, ...row })),
	}));

/** The first readings a device sends when it starts at this offset, one a millisecond at the fastest. */
function firstReadings(cycle: Cycle, startMs: number, count: number): WireReading[] {
	const steps = playCycle(cycle, startMs);
	return Array.from({ length: count }, (_, index) => {
		const { dueMs, measured } = steps.next().value;
		return composeReading(measured, {
			boot: 'b',
			seq: index + 1,
			atMs: Date.UTC(2026, 0, 1) + dueMs,
		});
	});
}

function isRising(readings: readonly WireReading[]): boolean {
	return readings.every((reading, index) => {
		const previous = readings[index - 1];
		if (previous === undefined) return true;
		return (
			Number(reading.seq) > Number(previous.seq) &&
			Date.parse(String(reading.at)) > Date.parse(String(previous.at))
		);
	});
}

describe('the cycle of a simulated vehicle', () => {
	it('sends rising sequences and times and only possible values, whatever the drive', () => {
		fc.assert(
			fc.property(drives, fc.double({ min: 0, max: 1, noNaN: true }), (drive, share) => {
				const cycle = planCycle(drive);
				const readings = firstReadings(
					cycle,
					Math.floor(share * cycle.durationMs),
					cycle.steps.length * 2 + 1,
				);
				expect(isRising(readings)).toBe(true);
				expect(readings.flatMap(impossibleFields)).toEqual([]);
			}),
		);
	});

	it('does so for every recorded drive', async () => {
		for (const name of await listDrives(folder)) {
			const cycle = planCycle(await readDrive(folder, name));
			const readings = firstReadings(cycle, 0, cycle.steps.length + 1);
			expect(isRising(readings)).toBe(true);
			expect(readings.flatMap(impossibleFields)).toEqual([]);
		}
	});

	it('drives as recorded, parks with the ignition off, charges to the first state of charge, drives again', async () => {
		const drive = await readDrive(folder, 'T1_03_29_2021');
		const cycle = planCycle(drive);
		const driven = cycle.steps.filter((step) => step.measured.ignition);
		expect(driven.map((step) => step.measured.speed_kmh)).toEqual(
			drive.rows.map((row) => row.speedKmh),
		);
		const parked = cycle.steps.filter((step) => !step.measured.ignition && !step.measured.charging);
		expect(parked).toHaveLength(parkedBeforeChargingMs / parkedReportEveryMs - 1);
		for (const { measured } of parked)
			expect(measured).toMatchObject({ speed_kmh: 0, soc_pct: 15, lat: 33.985752 });
		const charging = cycle.steps.filter((step) => step.measured.charging);
		expect(charging[0]?.measured.soc_pct).toBe(15);
		expect(charging.at(-1)?.measured.soc_pct).toBe(87.54);
		const chargingHours =
			((charging.at(-1)?.offsetMs ?? 0) - (charging[0]?.offsetMs ?? 0)) / hourMs;
		expect(chargingHours).toBeGreaterThan(2.5);
		expect(chargingHours).toBeLessThan(2.6);
		const again = firstReadings(cycle, 0, cycle.steps.length + 1).at(-1);
		expect(again).toMatchObject({ ignition: true, charging: false, soc_pct: 87.54 });
	});

	it('does not charge after a drive that used nothing', () => {
		const row: DriveRow = {
			offsetSeconds: 0,
			lat: 1,
			lon: 1,
			altitudeM: null,
			speedKmh: 0,
			socPct: 80,
			gear: null,
		};
		const cycle = planCycle({ name: 'X', rows: [row, { ...row, offsetSeconds: 1 }] });
		expect(cycle.steps.some((step) => step.measured.charging)).toBe(false);
		expect(cycle.durationMs).toBe(1_000 + parkedBeforeChargingMs);
	});

	it('begins in the middle of the drive for most of a fleet, spread over it', async () => {
		const cycle = planCycle(await readDrive(folder, 'T3_05_25_2021_1'));
		const offsetsMs = Array.from({ length: 20 }, (_, index) => startOffsetMs(cycle, index));
		expect(offsetsMs.filter((offsetMs) => offsetMs < 0.8 * cycle.driveMs)).toHaveLength(16);
		expect(offsetsMs.every((offsetMs) => offsetMs < cycle.durationMs)).toBe(true);
		expect(new Set(offsetsMs.map((offsetMs) => Math.floor(offsetMs / 10_000))).size).toBe(20);
	});
});
