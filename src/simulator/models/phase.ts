import type { Measured } from '../reading.ts';

/**
 * A stretch of a device's life in which one thing goes on: a trip, a rest, a run of the engine. Whatever can be measured
 * is a function of the instant, so that a phase can be sampled every second or not at all and ends the same.
 */
export interface Phase<State> {
	/** Epoch milliseconds. */
	readonly endMs: number;
	/** Whether there is something to watch: the device reports more often. */
	readonly isActive: boolean;
	/** The state in which the next phase begins. */
	readonly end: State;
	/** @param atMs an instant from the phase's start to its end */
	measuredAt(atMs: number): Measured;
}

/** Plans the phase that begins with this state at this instant; the same arguments always give the same phase. */
export type Model<State> = (state: State, startMs: number) => Phase<State>;

/** Follows a model from phase to phase. @returns finds the phase of an instant; instants must not fall */
export function followPhases<State>(
	model: Model<State>,
	state: State,
	startMs: number,
): (atMs: number) => Phase<State> {
	let phase = model(state, startMs);
	return (atMs) => {
		while (atMs >= phase.endMs) phase = model(phase.end, phase.endMs);
		return phase;
	};
}
