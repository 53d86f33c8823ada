import { type DeviceFamily, type RunState, runStates } from './family.ts';
import { isLiveAt, type Status } from './status.ts';

/** What a rule about commands may know of a device: its newest word, as far as that still holds. */
export interface DeviceCondition {
	readonly family: DeviceFamily;
	readonly status: Status;
	readonly isLive: boolean;
	/** Null when it is not known what the engine is doing now. */
	readonly runState: RunState | null;
}

/** A device's newest word, with its times (epoch milliseconds). */
export interface DeviceWord {
	readonly family: DeviceFamily;
	readonly status: Status;
	readonly reportingIntervalSeconds: number;
	readonly lastHeardAtMs: number | null;
	/** As the device wrote it. */
	readonly runState: string | null;
	readonly runStateAtMs: number | null;
}

/**
 * The condition of a device at an instant. A run state that was said longer ago than a live device may be silent is not
 * known any more, nor is one that this portal does not know.
 */
export function conditionAt(word: DeviceWord, nowMs: number): DeviceCondition {
	const { family, status, reportingIntervalSeconds, runState, runStateAtMs } = word;
	const isFresh = isLiveAt({ lastHeardAtMs: runStateAtMs, reportingIntervalSeconds }, nowMs);
	return {
		family,
		status,
		isLive: isLiveAt(word, nowMs),
		runState: isFresh ? (runStates.find((known) => known === runState) ?? null) : null,
	};
}
