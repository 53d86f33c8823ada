import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';

const checkout = join(import.meta.dirname, '../..');

export interface ProductOptions {
	readonly dataDir: string;
	/** Start it as `npm start` does, through `bin/start.js`. */
	readonly launcher?: boolean;
	readonly parameters?: readonly string[];
	/** Settings besides the data folder and free ports. */
	readonly environment?: Readonly<Record<string, string>>;
}

/** The product as it is started everywhere: a process of its own, on free ports. */
export interface RunningProduct {
	readonly process: ChildProcess;
	readonly url: string;
	readonly mqttPort: number;
	/** Null when it was given no certificate. */
	readonly mqttsPort: number | null;
	readonly osmandPort: number;
	/** Where it is set up; null when that is done. */
	readonly setupLink: string | null;
	/** Sign-ins that `--demo` printed. */
	readonly signIns: readonly { role: string; email: string; password: string }[];
	/** Everything it has written so far. */
	said(): string;
	/** Sends a signal and waits for the end. @returns the exit code, 128 + number for a signal */
	end(signal: NodeJS.Signals): Promise<number>;
}

/** Starts the product and waits until it is ready. */
export async function startProduct(options: ProductOptions): Promise<RunningProduct> {
	const { child, said, ended } = launch(options);
	const ready = new Promise<void>((resolve) => {
		const look = (): void => {
			if (said().includes('Ctrl-C stops it.')) resolve();
		};
		child.stdout?.on('data', look);
	});
	const code = await Promise.race([ready, ended]);
	if (code !== undefined)
		throw new Error(`The product ended with ${code} before it was ready:\n${said()}`);
	const announced = said();
	return {
		process: child,
		url: addressOf(announced, options.environment?.PUBLIC_URL),
		mqttPort: Number(found(announced, /Devices +mqtt:\/\/localhost:(\d+)/)),
		mqttsPort: Number(/mqtts:\/\/localhost:(\d+)/.exec(announced)?.[1] ?? Number.NaN) || null,
		osmandPort: Number(found(announced, /http:\/\/localhost:(\d+) \(OsmAnd\)/)),
		setupLink: /^ +(\S+\/setup#\S+)$/m.exec(announced)?.[1] ?? null,
		signIns: [...announced.matchAll(/^ {2}(\S.*?) {2,}(\S+@\S+) +(\S+)$/gm)].map(
			([, role = '', email = '', password = '']) => ({ role, email, password }),
		),
		said,
		async end(signal) {
			child.kill(signal);
			return ended;
		},
	};
}

/** Runs the product where it is expected to end by itself. */
export async function runProduct(
	options: ProductOptions,
): Promise<{ readonly code: number; readonly said: string }> {
	const { child, said, ended } = launch(options);
	await once(child, 'close');
	return { code: await ended, said: said() };
}

function launch({ dataDir, launcher = false, parameters = [], environment }: ProductOptions) {
	const entry = join(checkout, launcher ? 'bin/start.js' : 'src/server.ts');
	const child = spawn(process.execPath, [entry, ...parameters], {
		env: {
			...process.env,
			PORT: '0',
			MQTT_PORT: '0',
			MQTTS_PORT: '0',
			OSMAND_PORT: '0',
			DATA_DIR: dataDir,
			...environment,
		},
		// The channel ends the server if we are killed.
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.setEncoding('utf8').on('data', (chunk: string) => {
			output += chunk;
		});
	// What it wrote last may come after word of its exit.
	const drained = new Promise<void>((resolve) => child.stdout?.once('end', () => resolve()));
	const ended = Promise.all([once(child, 'exit'), drained]).then(
		() => child.exitCode ?? 128 + constants.signals[child.signalCode ?? 'SIGKILL'],
	);
	return { child, said: () => output, ended };
}

/** Where it can be reached here, whatever address the public knows it by. */
function addressOf(announced: string, publicUrl: string | undefined): string {
	return publicUrl === undefined
		? found(announced, /Portal +(\S+)/)
		: found(announced, /Server listening at (http:\/\/127\.0\.0\.1:\d+)/);
}

function found(text: string, pattern: RegExp): string {
	const match = pattern.exec(text)?.[1];
	if (match === undefined) throw new Error(`The product did not say ${pattern}:\n${text}`);
	return match;
}
