import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Models that the simulator plays. */
export type ElectricModel = 'scooter_48v' | 'scooter_60v' | 'cargo_51v';
export type EngineModel = 'x_pro' | 'unified' | 'ultra';

/** What the simulator plays for a device: a recorded drive, or a model with where and when it works. */
export type Played =
	| { readonly replay: string }
	| {
			readonly model: ElectricModel;
			readonly seed: number;
			readonly town: { readonly lat: number; readonly lon: number; readonly reachKm: number };
			/** By the hours of the sun. */
			readonly shift: { readonly startHour: number; readonly hours: number };
	  }
	| {
			readonly model: EngineModel;
			readonly seed: number;
			readonly network: 'gsm' | 'wifi';
			readonly position?: { readonly lat: number; readonly lon: number };
	  };

/** A device as the simulator knows it: with its key, and what it plays. */
export type DemoCredential = Played & {
	readonly deviceId: string;
	readonly key: string;
	/** An instant (RFC 3339) at which the device is in the middle of its life; it has lived for some days before. */
	readonly since: string;
	/** It fell silent at `since`. */
	readonly silent?: boolean;
};

/** Keeps devices' keys for the simulator, readable by their owner alone. */
export async function writeCredentials(
	path: string,
	devices: readonly DemoCredential[],
): Promise<void> {
	const unfinished = `${path}.new`;
	await writeFile(unfinished, `${JSON.stringify({ devices }, null, '\t')}\n`, { mode: 0o600 });
	await rename(unfinished, path);
}

/** Keeps the demo devices' keys. */
export async function writeDemoCredentials(
	dataDir: string,
	devices: readonly DemoCredential[],
): Promise<void> {
	await mkdir(dataDir, { recursive: true });
	await writeCredentials(pathIn(dataDir), devices);
}

export async function hasDemoCredentials(dataDir: string): Promise<boolean> {
	const found = await stat(pathIn(dataDir)).catch(() => null);
	return found !== null;
}

function pathIn(dataDir: string): string {
	return join(dataDir, 'demo-devices.json');
}
