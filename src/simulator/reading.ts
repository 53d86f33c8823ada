import { createHash } from 'node:crypto';
import type { ReadingValues, WireReading } from '#contract/device-reading.ts';
import type { SettingValues } from '#contract/device-settings.ts';

/** What a device measures at one instant; a missing key means that it says nothing about it. */
export type Measured = ReadingValues &
	SettingValues & {
		/** N, D or R */
		gear?: string;
	};

/** What a device adds to its measurements: who it is in this run, and when. */
export interface Stamp {
	readonly boot: string;
	readonly seq: number;
	readonly atMs: number;
}

/** The reading as it goes over the wire. */
export function composeReading(measured: Readonly<Measured>, stamp: Stamp): WireReading {
	return {
		boot: stamp.boot,
		seq: stamp.seq,
		at: new Date(stamp.atMs).toISOString(),
		...measured,
	};
}

/** One of several firmware versions: always the same for one device, not the same for all. */
export function firmwareOf(deviceId: string, versions: readonly [string, ...string[]]): string {
	return versions[digest(deviceId) % versions.length] ?? versions[0];
}

/** Signal strength (+CSQ, 14 to 30) that wanders by one step every few readings; the same for the same arguments. */
export function signalOf(deviceId: string, seq: number): number {
	const wave = Math.sin((digest(deviceId) % 360) + seq / 40);
	return Math.round(22 + 8 * wave);
}

/** A number from 0 to below 1 that is always the same for one device. */
export function shareOf(deviceId: string): number {
	return digest(deviceId) / 2 ** 32;
}

function digest(text: string): number {
	return createHash('sha256').update(text).digest().readUInt32BE(0);
}
