import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Longer than any honest answer takes; a client that still waits then was not answered. */
const patienceMs = 10_000;

export interface Outcome {
	/** Exit code; null when the client had to be ended because it was not answered. */
	readonly code: number | null;
	readonly output: string;
	readonly errors: string;
}

export interface Client {
	readonly process: ChildProcess;
	readonly outcome: Promise<Outcome>;
	writeLine(line: string): void;
}

/** Starts a program of mosquitto-clients against a broker on this machine, speaking MQTT 3.1.1. */
export function startClient(
	program: 'mosquitto_pub' | 'mosquitto_sub',
	port: number,
	args: readonly string[],
): Client {
	const child = spawn(program, ['-h', '127.0.0.1', '-p', String(port), '-V', 'mqttv311', ...args], {
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let output = '';
	let errors = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		output += chunk;
	});
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
		errors += chunk;
	});
	const impatience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
	const outcome = once(child, 'close').then(([code]): Outcome => {
		clearTimeout(impatience);
		return { code: typeof code === 'number' ? code : null, output, errors };
	});
	return {
		process: child,
		outcome,
		writeLine(line) {
			child.stdin.write(`${line}\n`);
		},
	};
}

/** Runs a client to its end. */
export function runClient(
	program: 'mosquitto_pub' | 'mosquitto_sub',
	port: number,
	args: readonly string[],
): Promise<Outcome> {
	return startClient(program, port, args).outcome;
}
