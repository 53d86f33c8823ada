import type { RunState } from '#contract/family.ts';
import { runStates } from '#contract/family.ts';
import type { FleetRow } from '../contract.ts';
import { text } from './text.ts';

/** AT+CSQ (3GPP TS 27.007): 99 stands for "not known". */
const unknownSignal = 99;

/** By what a person calls the device: the VIN of its vehicle, else its name, else its Device ID. */
export function identityOf(row: FleetRow): string {
	return row.vin ?? row.name ?? row.deviceId;
}

/** Silent for so long that its values are history. */
export function isStale(row: FleetRow): boolean {
	return row.status === 'offline' || row.status === 'not_communicating';
}

export function isEngine(row: FleetRow): boolean {
	return row.family !== 'ev';
}

/** Speed, unless nobody can say how fast a silent vehicle is now. */
export function knownSpeedKmh(row: FleetRow): number | null {
	return isStale(row) ? null : row.speedKmh;
}

export function knownSignal(row: FleetRow): number | null {
	return row.signal === unknownSignal ? null : row.signal;
}

const runStateNames: Record<RunState, string> = {
	stopped: text('runStopped'),
	standby: text('runStandby'),
	starting: text('runStarting'),
	running: text('runRunning'),
	cooling: text('runCooling'),
	fault: text('runFault'),
};

/** An engine's run state in words; a state this portal does not know reads as the device wrote it. */
export function runStateText(runState: string): string {
	const known = runStates.find((state) => state === runState);
	return known ? runStateNames[known] : runState;
}
