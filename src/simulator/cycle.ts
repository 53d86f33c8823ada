import { readingFields } from '#contract/device-reading.ts';
import type { Drive, DriveRow } from './drives.ts';
import type { Measured } from './reading.ts';

export interface CycleStep {
	readonly offsetMs: number;
	readonly measured: Readonly<Measured>;
}

/** A drive, the rest after it and the charge for the next: what a simulated vehicle does over and over. */
export interface Cycle {
	readonly steps: readonly CycleStep[];
	readonly driveMs: number;
	readonly durationMs: number;
}

const secondMs = 1_000;
export const parkedReportEveryMs = 60 * secondMs;
export const parkedBeforeChargingMs = 10 * 60 * secondMs;
/** Renault gives 3.5 h for a full charge of the Twizy from a household socket. */
export const chargePctPerHour = 100 / 3.5;
const hourMs = 3_600 * secondMs;

/**
 * Turns a recorded drive into a cycle: the drive as recorded with the ignition on; parked with the ignition off,
 * reporting once a minute; then charging back to the state of charge with which the drive begins, if it is lower.
 */
export function planCycle(drive: Drive): Cycle {
	const steps: CycleStep[] = drive.rows.map((row) => ({
		offsetMs: row.offsetSeconds * secondMs,
		measured: { ...driven(row), ignition: true, charging: false },
	}));
	const driveMs = steps.at(-1)?.offsetMs ?? 0;

	const rest = resting(steps);
	const chargeAtMs = driveMs + parkedBeforeChargingMs;
	for (
		let offsetMs = driveMs + parkedReportEveryMs;
		offsetMs < chargeAtMs;
		offsetMs += parkedReportEveryMs
	)
		steps.push({ offsetMs, measured: rest });

	const startPct = steps.find((step) => step.measured.soc_pct !== undefined)?.measured.soc_pct;
	const leftPct = rest.soc_pct;
	let offsetMs = chargeAtMs;
	if (startPct !== undefined && leftPct !== undefined) {
		for (let socPct = leftPct; socPct < startPct; offsetMs += parkedReportEveryMs) {
			socPct = leftPct + (chargePctPerHour * (offsetMs - chargeAtMs)) / hourMs;
			steps.push({
				offsetMs,
				measured: {
					...rest,
					soc_pct: Math.round(Math.min(socPct, startPct) * 100) / 100,
					charging: true,
				},
			});
		}
	}
	return { steps, driveMs, durationMs: offsetMs };
}

/** What the recording says in this row; a value no device could mean (a longitude of 1555°) is left out. */
function driven(row: DriveRow): Measured {
	const lat = possible('lat', row.lat);
	const lon = possible('lon', row.lon);
	const altitudeM = possible('altitude_m', row.altitudeM);
	const speedKmh = possible('speed_kmh', row.speedKmh);
	const socPct = possible('soc_pct', row.socPct);
	return {
		...(lat !== null && lon !== null && { lat, lon }),
		...(altitudeM !== null && { altitude_m: altitudeM }),
		...(speedKmh !== null && { speed_kmh: speedKmh }),
		...(socPct !== null && { soc_pct: socPct }),
		...(row.gear !== null && { gear: row.gear }),
	};
}

function possible(
	name: 'lat' | 'lon' | 'altitude_m' | 'speed_kmh' | 'soc_pct',
	value: number | null,
): number | null {
	const { min, max } = readingFields[name];
	return value === null || value < min || value > max ? null : value;
}

/** Where and how the drive left the vehicle. */
function resting(drive: readonly CycleStep[]): Measured {
	const rest: Measured = { speed_kmh: 0, ignition: false, charging: false };
	for (const { measured } of drive) {
		if (measured.lat !== undefined) rest.lat = measured.lat;
		if (measured.lon !== undefined) rest.lon = measured.lon;
		if (measured.altitude_m !== undefined) rest.altitude_m = measured.altitude_m;
		if (measured.soc_pct !== undefined) rest.soc_pct = measured.soc_pct;
	}
	return rest;
}

/** A step of the endless cycle with the time at which it is due, in milliseconds of the cycle since the start. */
export interface DueStep {
	readonly dueMs: number;
	readonly measured: Readonly<Measured>;
}

/** Plays a cycle forever, beginning with the first step at or after `startMs` of it. */
export function* playCycle(cycle: Cycle, startMs: number): Generator<DueStep, never> {
	for (let roundMs = -startMs; ; roundMs += cycle.durationMs)
		for (const step of cycle.steps) {
			const dueMs = roundMs + step.offsetMs;
			if (dueMs >= 0) yield { dueMs, measured: step.measured };
		}
}

const goldenRatio = 0.618_033_988_75;

/**
 * Where in its cycle the n-th vehicle of a fleet begins: four of five somewhere in the drive with at least a fifth of
 * it to go, the fifth parked or charging. Vehicles that share a drive are spread over it.
 */
export function startOffsetMs(cycle: Cycle, index: number): number {
	const share = ((index + 1) * goldenRatio) % 1;
	return index % 5 === 4
		? cycle.driveMs + share * (cycle.durationMs - cycle.driveMs)
		: share * 0.8 * cycle.driveMs;
}
