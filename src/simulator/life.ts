import type { ElectricDevice, EngineDevice, PlayedDevice, ReplayedDevice } from './credentials.ts';
import { type Cycle, playCycle, startOffsetMs } from './cycle.ts';
import { electricModel, electricModels, newElectric } from './models/electric.ts';
import { engineModel, engineModels, newEngine } from './models/engine.ts';
import { followPhases, type Phase } from './models/phase.ts';
import { hasPosition, isCovered, satellitesAt, signalAt } from './models/radio.ts';
import { firmwareOf, type Measured, shareOf, signalOf } from './reading.ts';
import { Notebook, type Pace, type Transmission } from './transmission.ts';

/** A device's life: the same at every telling, so that it can be told up to now and then lived on. */
export interface Life {
	/** Tells it from an instant on. @param pace null: as often as the device itself reports */
	transmissions(fromMs: number, pace: Pace | null): Generator<Transmission, never>;
}

const hourMs = 3_600_000;
/** How long a modelled life has lasted at `since`: long enough to be anywhere in its day. */
export const lifeBeforeMs = 72 * hourMs;

const engineEveryMs = 30_000;
const restingEveryMs = 60_000;

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
		phases: () => followPhases(model, newElectric(seed, town), beginMs),
		dress,
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
	return modelledLife({
		beginMs,
		phases: () => followPhases(engineModel(spec), newEngine(seed, spec), beginMs),
		dress: (measured, atMs) => ({
			...measured,
			...position,
			...(isGsm && { signal: signalAt(seed, atMs) }),
			firmware,
		}),
		isCovered: (atMs) => !isGsm || isCovered(seed, atMs),
		pace: { activeEveryMs: engineEveryMs, restingEveryMs: engineEveryMs },
	});
}

interface ModelledLife {
	readonly beginMs: number;
	phases(): (atMs: number) => Pick<Phase<unknown>, 'endMs' | 'isActive' | 'measuredAt'>;
	/** Adds to what the model measures what the device's radio and firmware add. */
	dress(measured: Measured, atMs: number): Measured;
	isCovered(atMs: number): boolean;
	readonly pace: Pace;
}

function modelledLife({ beginMs, phases, dress, isCovered, pace }: ModelledLife): Life {
	return {
		*transmissions(fromMs, wantedPace) {
			const phaseAt = phases();
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
