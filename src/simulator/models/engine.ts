import type { SettingValues } from '#contract/device-settings.ts';
import type { Measured } from '../reading.ts';
import { Draws, seedOf } from './draws.ts';
import type { Phase } from './phase.ts';
import { round } from './round.ts';

/** An engine that charges a battery, as its controller sees it. */
export interface EngineSpec {
	readonly nominalV: number;
	/** The controller starts the engine when the battery has fallen to this, unless it is set to something else. */
	readonly lowStartV: number;
	/** Held once the battery has been charged this far. */
	readonly absorbV: number;
	/** What a full battery returns to when nothing charges it. */
	readonly fullRestV: number;
	readonly maxChargeA: number;
	readonly engineHotC: number;
	readonly alternatorHotC: number;
	/** X Pro measures one temperature, and neither current nor energy nor oil pressure. */
	readonly measures: 'one temperature' | 'all';
	/** What its controller is set to until somebody changes it. */
	readonly settings: SettingValues;
}

export const engineModels = {
	x_pro: {
		nominalV: 12,
		lowStartV: 12,
		absorbV: 14.4,
		fullRestV: 12.9,
		maxChargeA: 60,
		engineHotC: 78,
		alternatorHotC: 70,
		measures: 'one temperature',
		settings: {
			low_battery_start_v: 12,
			high_battery_cutoff_v: 14.8,
			run_signal_select: 1,
			run_signal_adjustment: 0,
			schedule: 'off',
		},
	},
	unified: {
		nominalV: 24,
		lowStartV: 24.2,
		absorbV: 28.6,
		fullRestV: 25.8,
		maxChargeA: 90,
		engineHotC: 84,
		alternatorHotC: 76,
		measures: 'all',
		settings: {
			low_battery_start_v: 24.2,
			high_battery_cutoff_v: 29.6,
			bulk_set_point_v: 28.8,
			absorb_set_point_v: 28.6,
			tail_current_a: 9,
		},
	},
	ultra: {
		nominalV: 48,
		lowStartV: 48.6,
		absorbV: 57.2,
		fullRestV: 52.4,
		maxChargeA: 120,
		engineHotC: 89,
		alternatorHotC: 82,
		measures: 'all',
		settings: {
			low_battery_start_v: 48.6,
			high_battery_cutoff_v: 59.2,
			tail_current_a: 12,
			low_temperature_start_c: -10,
			high_temperature_shutdown_c: 105,
		},
	},
} as const satisfies Record<string, EngineSpec>;
export type EngineName = keyof typeof engineModels;

export type RunState = 'stopped' | 'standby' | 'starting' | 'running' | 'cooling' | 'fault';

export interface EngineState {
	readonly seed: number;
	/** What it is about to do. */
	readonly next: RunState;
	readonly batteryV: number;
	readonly engineC: number;
	readonly alternatorC: number;
	readonly totalHours: number;
	readonly totalKwh: number;
	/** Of the run that is going on, else of the last one. */
	readonly runHours: number;
	readonly runKwh: number;
	/** Somebody told it from afar to stop, or to stand by: it does nothing else of its own accord afterwards. */
	readonly told: 'stop' | 'standby' | null;
}

/** A phase of an engine's life, which can be broken off. */
export interface EnginePhase extends Phase<EngineState> {
	readonly runState: RunState;
	/** The state at an instant of the phase, with what would have come after it. */
	stateAt(atMs: number): EngineState;
}

/** Plans the phase that begins with this state at this instant, with the controller set so. */
export type EngineModel = (
	state: EngineState,
	startMs: number,
	settings: SettingValues,
) => EnginePhase;

/** What a phase changes of the state, and what only shows while it lasts. */
interface Course {
	readonly durationMs: number;
	readonly next: RunState;
	/** @param ms time since the phase began */
	batteryV(ms: number): number;
	readonly engineTargetC: number;
	readonly alternatorTargetC: number;
	readonly countsHours: boolean;
	/** Energy since the phase began. */
	kwh(ms: number): number;
	chargeA(ms: number): number;
	/** How fast the engine turns, from 0 to 1. */
	turning(ms: number): number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Time in which two thirds of a difference in temperature are gone. */
const engineInertiaMs = 9 * minuteMs;
const alternatorInertiaMs = 5 * minuteMs;

/** A controller that has worked for some time and waits for its battery to run low. */
export function newEngine(seed: number, spec: EngineSpec): EngineState {
	const draws = new Draws(seed);
	const totalHours = draws.between(120, 4_200);
	return {
		next: draws.isTrue(0.2) ? 'stopped' : 'standby',
		batteryV: draws.between(spec.lowStartV + 0.1, spec.fullRestV),
		engineC: 25,
		alternatorC: 25,
		totalHours,
		totalKwh: totalHours * 0.0007 * spec.nominalV * spec.maxChargeA,
		runHours: draws.between(0.6, 2.4),
		runKwh: draws.between(0.3, 1.2) * 0.001 * spec.nominalV * spec.maxChargeA,
		told: null,
		seed: draws.seed(),
	};
}

/**
 * The life of an engine controller: it stands by while the battery runs down, starts the engine, charges, lets it cool
 * and stands by again; now and then somebody has switched it off for some hours, or the engine does not start and the
 * controller reports a fault until somebody comes.
 */
export function engineModel(spec: EngineSpec): EngineModel {
	return (state, startMs, settings) => {
		const draws = new Draws(state.seed);
		const airC = ambientC(startMs);
		const set = { ...spec, lowStartV: lowStartOf(spec, settings) };
		// Another run begins: its counters start at nothing.
		const before = state.next === 'running' ? { ...state, runHours: 0, runKwh: 0 } : state;
		return phaseOf(before, startMs, courseOf(state, set, airC, draws), spec, draws.seed());
	};
}

function lowStartOf(spec: EngineSpec, { low_battery_start_v: set }: SettingValues): number {
	return typeof set === 'number' ? set : spec.lowStartV;
}

function courseOf(state: EngineState, spec: EngineSpec, airC: number, draws: Draws): Course {
	const { batteryV } = state;
	const silent = {
		engineTargetC: airC,
		alternatorTargetC: airC,
		countsHours: false,
		kwh: () => 0,
		chargeA: () => 0,
		turning: () => 0,
	};
	switch (state.next) {
		case 'stopped': {
			const durationMs = draws.between(2, 8) * hourMs;
			const endV = batteryV - 0.15 * Math.max(0, batteryV - spec.lowStartV);
			const next = state.told === 'stop' ? 'stopped' : 'standby';
			return { ...silent, durationMs, next, batteryV: line(batteryV, endV, durationMs) };
		}
		case 'fault': {
			const durationMs = draws.between(2, 8) * hourMs;
			return { ...silent, durationMs, next: 'standby', batteryV: () => batteryV };
		}
		case 'standby': {
			const charged = (batteryV - spec.lowStartV) / (spec.fullRestV - spec.lowStartV);
			const durationMs = Math.max(0.1, charged) * draws.between(1.4, 4.5) * hourMs;
			const sinking = line(batteryV, Math.min(batteryV, spec.lowStartV), durationMs);
			return { ...silent, durationMs, next: 'starting', batteryV: sinking };
		}
		case 'starting': {
			const durationMs = draws.between(6, 14) * 1000;
			return {
				...silent,
				durationMs,
				next: failsToStart(state.seed) ? 'fault' : 'running',
				// The starter pulls the voltage down and lets go.
				batteryV: (ms) => batteryV - 0.13 * spec.nominalV * Math.sin((Math.PI * ms) / durationMs),
				turning: (ms) => (0.5 * ms) / durationMs,
			};
		}
		case 'running': {
			const durationMs = draws.between(45, 150) * minuteMs;
			const bulkMs = 0.6 * durationMs;
			const absorbMs = 0.2 * durationMs;
			const kw = (spec.nominalV * spec.maxChargeA) / 1000;
			const past = (ms: number) => Math.max(0, ms - bulkMs);
			return {
				durationMs,
				next: 'cooling',
				batteryV: (ms) => batteryV + (spec.absorbV - batteryV) * Math.min(1, ms / bulkMs),
				engineTargetC: spec.engineHotC + draws.between(-4, 4),
				alternatorTargetC: spec.alternatorHotC + draws.between(-4, 4),
				countsHours: true,
				kwh: (ms) =>
					(kw * (Math.min(ms, bulkMs) + absorbMs * (1 - Math.exp(-past(ms) / absorbMs)))) / hourMs,
				chargeA: (ms) => spec.maxChargeA * Math.exp(-past(ms) / absorbMs),
				turning: () => 1,
			};
		}
		case 'cooling': {
			const durationMs = draws.between(2, 5) * minuteMs;
			return {
				...silent,
				durationMs,
				next: draws.isTrue(0.22) && state.told === null ? 'stopped' : 'standby',
				batteryV: (ms) =>
					spec.fullRestV + (batteryV - spec.fullRestV) * Math.exp((-4 * ms) / durationMs),
				engineTargetC: spec.engineHotC - 12,
				alternatorTargetC: spec.alternatorHotC - 20,
				countsHours: true,
				turning: () => 0.8,
			};
		}
	}
}

/** One start in 25 fails. Drawn apart, so that lives in which all succeed are what they were. */
function failsToStart(seed: number): boolean {
	return new Draws(seedOf(seed, 4)).isTrue(0.04);
}

function phaseOf(
	state: EngineState,
	startMs: number,
	course: Course,
	spec: EngineSpec,
	nextSeed: number,
): EnginePhase {
	const durationMs = Math.ceil(course.durationMs);
	const stateAfter = (ms: number): EngineState => {
		const hours = course.countsHours ? ms / hourMs : 0;
		const kwh = course.kwh(ms);
		return {
			next: course.next,
			batteryV: course.batteryV(ms),
			engineC: nearing(state.engineC, course.engineTargetC, ms / engineInertiaMs),
			alternatorC: nearing(state.alternatorC, course.alternatorTargetC, ms / alternatorInertiaMs),
			totalHours: state.totalHours + hours,
			totalKwh: state.totalKwh + kwh,
			runHours: state.runHours + hours,
			runKwh: state.runKwh + kwh,
			told: state.told,
			seed: nextSeed,
		};
	};
	return {
		endMs: startMs + durationMs,
		isActive: ['starting', 'running', 'cooling'].includes(state.next),
		runState: state.next,
		end: stateAfter(durationMs),
		stateAt: (atMs) => stateAfter(atMs - startMs),
		measuredAt(atMs) {
			const ms = atMs - startMs;
			const now = stateAfter(ms);
			const turning = course.turning(ms);
			return {
				run_state: state.next,
				battery_v: round(now.batteryV, 2),
				run_signal: round(turning * (now.batteryV + 0.3), 2),
				total_hours: round(now.totalHours, 4),
				last_runtime_hours: round(now.runHours, 4),
				...(spec.measures === 'all'
					? {
							engine_temp_c: round(now.engineC, 1),
							alternator_temp_c: round(now.alternatorC, 1),
							charge_current_a: round(course.chargeA(ms), 1),
							oil_pressure_bar: round(turning * oilBar(now.engineC), 2),
							total_kwh: round(now.totalKwh, 3),
							last_kwh: round(now.runKwh, 3),
						}
					: { temperature_c: round(now.engineC, 1) }),
			} satisfies Measured;
		},
	};
}

function line(from: number, to: number, durationMs: number): (ms: number) => number {
	return (ms) => from + (to - from) * Math.min(1, ms / durationMs);
}

function nearing(from: number, target: number, times: number): number {
	return target + (from - target) * Math.exp(-times);
}

/** Warm oil is thin. */
function oilBar(engineC: number): number {
	return Math.max(2.2, 4.8 - 0.022 * (engineC - 20));
}

/** The air where engines stand, warmest in the early afternoon. */
function ambientC(atMs: number): number {
	return 26 + 6 * Math.sin(((atMs % dayMs) / dayMs) * 2 * Math.PI - Math.PI / 3);
}
