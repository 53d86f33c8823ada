import { createHash } from 'node:crypto';
import type { WireReading } from '#contract/device-reading.ts';
import type { Measured } from './cycle.ts';

/** What a device adds to its measurements: who it is in this run, and what the recording cannot know. */
export interface Stamp {
	readonly boot: string;
	readonly seq: number;
	readonly atMs: number;
	readonly firmware: string;
	readonly signal: number;
}

/** The reading as it goes over the wire. */
export function composeReading(measured: Readonly<Measured>, stamp: Stamp): WireReading {
	return {
		boot: stamp.boot,
		seq: stamp.seq,
		at: new Date(stamp.atMs).toISOString(),
		...measured,
		signal: stamp.signal,
		firmware: stamp.firmware,
	};
}

const firmwares = ['1.4.2', '1.4.2', '1.5.0'] as const;

/** The firmware a simulated device runs: always the same for one device, not the same for all. */
export function firmwareOf(deviceId: string): string {
	return firmwares[digest(deviceId) % firmwares.length] ?? firmwares[0];
}

/** Signal strength (+CSQ, 14 to 30) that wanders by one step every few readings; the same for the same arguments. */
export function signalOf(deviceId: string, seq: number): number {
	const wave = Math.sin((digest(deviceId) % 360) + seq / 40);
	return Math.round(22 + 8 * wave);
}

function digest(text: string): number {
	return createHash('sha256').update(text).digest().readUInt32BE(0);
}
