import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Log } from '#platform/log.ts';

const restartDelayMs = 5_000;

/** Runs the simulator for the demo fleet beside the server, as a process of its own: devices are no part of it. */
export class DemoDevices {
	readonly #credentialsFile: string;
	readonly #log: Log;
	#child: ChildProcess | null = null;
	#restart: NodeJS.Timeout | null = null;
	#stopped = false;

	constructor(options: { readonly credentialsFile: string; readonly log: Log }) {
		this.#credentialsFile = options.credentialsFile;
		this.#log = options.log;
	}

	/** Starts the demo devices; one start is enough, a simulator that ends by itself is started again. */
	start(mqttPort: number): void {
		if (this.#child !== null || this.#stopped) return;
		const child = spawn(
			process.execPath,
			[
				join(import.meta.dirname, 'simulator/main.ts'),
				'--credentials',
				this.#credentialsFile,
				'--mqtt',
				`mqtt://127.0.0.1:${mqttPort}`,
			],
			{ stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
		);
		this.#child = child;
		child.once('error', (error) => this.#log.error({ err: error }, 'demo devices cannot start'));
		child.once('exit', (code) => {
			this.#child = null;
			if (this.#stopped) return;
			this.#log.warn({ code }, 'demo devices ended and are started again');
			this.#restart = setTimeout(() => this.start(mqttPort), restartDelayMs);
		});
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		if (this.#restart !== null) clearTimeout(this.#restart);
		const child = this.#child;
		if (child === null || child.exitCode !== null) return;
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		await ended;
	}
}
