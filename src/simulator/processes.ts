import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Devices that one process plays well, and connections that stay below the usual limits of open files. */
export const devicesPerProcess = 5_000;

export interface SimulatorProcesses {
	/** Ends them all, as a device that is switched off ends. */
	stop(): Promise<void>;
}

/** Plays many devices in processes of their own, each a part of the part of the credentials file that was chosen. */
export function startProcesses(
	args: readonly string[],
	part: { readonly first: number; readonly count: number },
	onEnd: (code: number | null) => void,
): SimulatorProcesses {
	const running = new Set<ChildProcess>();
	for (let done = 0; done < part.count; done += devicesPerProcess) {
		const count = Math.min(devicesPerProcess, part.count - done);
		// The later of two equal options wins.
		const own = ['--skip', String(part.first + done), '--devices', String(count)];
		const child = fork(join(import.meta.dirname, 'main.ts'), [...args, ...own]);
		running.add(child);
		child.once('exit', (code) => {
			running.delete(child);
			onEnd(code);
		});
	}
	return {
		async stop() {
			await Promise.all(
				[...running].map(async (child) => {
					const ended = once(child, 'exit');
					// A process whose parent is gone ends by itself.
					if (child.connected) child.disconnect();
					await ended;
				}),
			);
		},
	};
}
