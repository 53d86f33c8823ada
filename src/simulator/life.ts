import { writableSettings } from '#contract/device-settings.ts';
import type { ElectricDevice, EngineDevice, PlayedDevice, ReplayedDevice } from './credentials.ts';
import { type Cycle, playCycle, startOffsetMs } from './cycle.ts';
import { electricModel, electricModels, newElectric } from './models/electric.ts';
import { engineModel, engineModels, newEngine, type RunState } from './models/engine.ts';
import {
	type EngineOrder,
	followOrders,
	type Obeyed,
	refusalOf,
	settingsAt,
} from './models/engine-orders.ts';
import { followPhases, type Phase } from './models/phase.ts';
import { hasPosition, isCovered, satellitesAt, signalAt } from './models/radio.ts';
import { firmwareOf, type Measured, shareOf, signalOf } from './reading.ts';
import { Notebook, type Pace, type Transmission } from './transmission.ts';

/** A device's life: the same at every telling, so that it can be told up to now and then lived on. */
export interface Life {
	/** Tells it from an instant on. @param pace null: as often as the device itself reports */
	transmissions(fromMs: number, pace: Pace | null): Generator<Transmission, never>;
	/** Null for a device that cannot be told what to do. */
	readonly engine: EngineControl | null;
}

/** What an engine controller can be told, at instants that never fall. What it was told belongs to its life from then on. */
export interface EngineControl {
	/** @returns why it does not do it, or null when it does */
	order(order: EngineOrder, atMs: number): string | null;
	/** @returns why it does not take the settings, or null when it does */
	change(settings: unknown, atMs: number): string | null;
	/** What the engine is doing, and until when if nobody tells it otherwise. */
	doing(atMs: number): { readonly runState: RunState; readonly untilMs: number };
}

const hourMs = 3_600_000;
/** How long a modelled life has lasted at `since`: long enough to be anywhere in its day. */
export const lifeBeforeMs = 72 * hourMs;

const engineEveryMs = 30_000;
const restingEveryMs = 60_000;
/** How often a controller reports what it is set to, besides at its start and when that changes. */
const settingsEveryMs = 1_800_000;

const vehicleFirmwares = ['1.4.2', '1.4.2', '1.5.0'] as const;
const engineFirmwares = {
	x_pro: ['3.1.0', '3.2.4', '3.2.4'],
	unified: ['2.6.1', '2.7.0', '2.7.0'],
	ultra: ['5.0.3', '5.0.3', '5.1.0'],
} as const;

/**
 * @param index the device's place in its fleet, by which replayed drives are spread
 * @param sinceMs an instant at which the device is in the middle of its life
 */
export function replayedLife(
	device: ReplayedDevice,
	cycle: Cycle,
	index: number,
	sinceMs: number,
): Life {
	const firmware = firmwareOf(device.deviceId, vehicleFirmwares);
	const { durationMs } = cycle;
	const sinceOffsetMs = startOffsetMs(cycle, index);
	return {
		engine: null,
		*transmissions(fromMs, pace) {
			const offsetMs = (sinceOffsetMs + fromMs - sinceMs) % durationMs;
			const notebook = new Notebook(() => true);
			let last = { atMs: Number.NEGATIVE_INFINITY, doing: '' };
			const steps = playCycle(cycle, (offsetMs + durationMs) % durationMs);
			for (;;) {
				const { dueMs, measured } = steps.next().value;
				const atMs = fromMs + dueMs;
				const doing = `${measured.ignition}/${measured.charging}`;
				const everyMs = measured.ignition ? pace?.activeEveryMs : pace?.restingEveryMs;
				if (doing === last.doing && atMs < last.atMs + (everyMs ?? 0)) continue;
				last = { atMs, doing };
				const signal = signalOf(device.deviceId, Math.floor(atMs / 1000));
				yield notebook.note(atMs, { ...measured, signal, firmware });
			}
		},
	};
}

export function electricLife(device: ElectricDevice, sinceMs: number): Life {
	const { seed, town, shift } = device;
	const work = { town, shiftStartHour: shift.startHour, shiftHours: shift.hours };
	const model = electricModel(electricModels[device.model], work);
	const firmware = firmwareOf(device.deviceId, vehicleFirmwares);
	const dress = (measured: Measured, atMs: number): Measured => {
		const dressed: Measured = { ...measured, signal: signalAt(seed, atMs), firmware };
		if (hasPosition(seed, atMs)) dressed.satellites = satellitesAt(seed, atMs);
		else {
			delete dressed.lat;
			delete dressed.lon;
			delete dressed.heading_deg;
			dressed.satellites = 0;
		}
		return dressed;
	};
	const beginMs = sinceMs - lifeBeforeMs;
	return modelledLife({
		beginMs,
		engine: null,
		tell: () => ({ phaseAt: followPhases(model, newElectric(seed, town), beginMs), dress }),
		isCovered: (atMs) => isCovered(seed, atMs),
		pace: { activeEveryMs: 1000 * Math.round(10 + 20 * shareOf(device.deviceId)), restingEveryMs },
	});
}

export function engineLife(device: EngineDevice, sinceMs: number): Life {
	const { seed, position } = device;
	const spec = engineModels[device.model];
	const firmware = firmwareOf(device.deviceId, engineFirmwares[device.model]);
	const isGsm = device.network === 'gsm';
	const beginMs = sinceMs - lifeBeforeMs;
	const obeyed: Obeyed[] = [];
	const follow = () =>
		followOrders(engineModel(spec), newEngine(seed, spec), beginMs, spec.settings, obeyed);
	const doing = (atMs: number) => {
		const { runState, endMs } = follow()(atMs);
		return { runState, untilMs: endMs };
	};
	return modelledLife({
		beginMs,
		engine: {
			doing,
			order(order, atMs) {
				const refusal = refusalOf(order, doing(atMs).runState);
				if (refusal === null) obeyed.push({ atMs, order });
				return refusal;
			},
			change(settings, atMs) {
				const writable = writableSettings(device.model, settingsAt(spec.settings, obeyed, atMs));
				const { data, error } = writable.safeParse(settings);
				if (data === undefined) return error?.issues[0]?.message ?? 'These are no settings.';
				obeyed.push({ atMs, settings: data });
				return null;
			},
		},
		tell() {
			const isReported = settingsReports(obeyed);
			return {
				phaseAt: follow(),
				dress: (measured, atMs) => ({
					...measured,
					...position,
					...(isGsm && { signal: signalAt(seed, atMs) }),
					firmware,
					...(isReported(atMs) && settingsAt(spec.settings, obeyed, atMs)),
				}),
			};
		},
		isCovered: (atMs) => !isGsm || isCovered(seed, atMs),
		pace: { activeEveryMs: engineEveryMs, restingEveryMs: engineEveryMs },
	});
}

/** Whether a reading says what the controller is set to; instants must not fall. */
function settingsReports(obeyed: readonly Obeyed[]): (atMs: number) => boolean {
	let lastMs = Number.NEGATIVE_INFINITY;
	return (atMs) => {
		const changedMs = obeyed.findLast((each) => 'settings' in each && each.atMs <= atMs)?.atMs;
		const isNews = changedMs !== undefined && changedMs > lastMs;
		if (!isNews && atMs < lastMs + settingsEveryMs) return false;
		lastMs = atMs;
		return true;
	};
}

interface ModelledLife {
	readonly beginMs: number;
	readonly engine: EngineControl | null;
	/** Begins to tell the life; instants must not fall. */
	tell(): {
		phaseAt(atMs: number): Pick<Phase<unknown>, 'endMs' | 'isActive' | 'measuredAt'>;
		/** Adds to what the model measures what the device's radio, firmware and settings add. */
		dress(measured: Measured, atMs: number): Measured;
	};
	isCovered(atMs: number): boolean;
	readonly pace: Pace;
}

function modelledLife({ beginMs, engine, tell, isCovered, pace }: ModelledLife): Life {
	return {
		engine,
		*transmissions(fromMs, wantedPace) {
			const { phaseAt, dress } = tell();
			const { activeEveryMs, restingEveryMs } = wantedPace ?? pace;
			const notebook = new Notebook(isCovered);
			for (let atMs = Math.max(fromMs, beginMs); ; ) {
				const phase = phaseAt(atMs);
				yield notebook.note(atMs, dress(phase.measuredAt(atMs), atMs));
				const everyMs = phase.isActive ? activeEveryMs : restingEveryMs;
				atMs = Math.min(atMs + everyMs, phase.endMs);
			}
		},
	};
}

/** The life of a device of any kind. @param cycles of the drives that replayed devices name */
export function lifeOf(
	device: PlayedDevice,
	index: number,
	cycles: ReadonlyMap<string, Cycle>,
	nowMs: number,
): Life {
	const sinceMs = device.since === undefined ? nowMs : Date.parse(device.since);
	if ('replay' in device) {
		const cycle = cycles.get(device.replay);
		if (cycle === undefined) throw new Error(`the drive ${device.replay} was not read`);
		return replayedLife(device, cycle, index, sinceMs);
	}
	return 'town' in device ? electricLife(device, sinceMs) : engineLife(device, sinceMs);
}
