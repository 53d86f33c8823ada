import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A device that the simulator plays: with its key, and the recorded drive that it replays. */
export interface DemoCredential {
	readonly deviceId: string;
	readonly key: string;
	readonly replay: string;
}

/** Keeps the demo devices' keys for the simulator, readable by their owner alone. */
export async function writeDemoCredentials(
	dataDir: string,
	devices: readonly DemoCredential[],
): Promise<void> {
	await mkdir(dataDir, { recursive: true });
	const path = pathIn(dataDir);
	const unfinished = `${path}.new`;
	await writeFile(unfinished, `${JSON.stringify({ devices }, null, '\t')}\n`, { mode: 0o600 });
	await rename(unfinished, path);
}

export async function hasDemoCredentials(dataDir: string): Promise<boolean> {
	const found = await stat(pathIn(dataDir)).catch(() => null);
	return found !== null;
}

function pathIn(dataDir: string): string {
	return join(dataDir, 'demo-devices.json');
}
