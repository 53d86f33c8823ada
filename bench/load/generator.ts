import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Latencies } from './latencies.ts';
import type { LoadDevice, Order, Reply, RunResult } from './orders.ts';

export interface GeneratorSettings {
	readonly port: number;
	readonly devices: readonly LoadDevice[];
	readonly connections: number;
	readonly boot: string;
	readonly firstSequence: number;
	readonly window: number;
}

export interface LoadResult {
	readonly perSecond: number;
	readonly latencies: Latencies;
	/** All acknowledgements since the start, in the order of the devices. */
	readonly acknowledgedByDevice: readonly number[];
	readonly unanswered: number;
	readonly brokenConnections: number;
}

/** Descriptors a process needs besides its device connections. */
const reservedDescriptors = 400;

const limitsSchema = z.object({
	userLimits: z.object({
		open_files: z.object({ soft: z.union([z.number(), z.literal('unlimited')]) }),
	}),
});

/** How many device connections one process may hold by its limit of open files (`ulimit -n`). */
export function connectionLimit(): number {
	const { soft } = limitsSchema.parse(process.report.getReport()).userLimits.open_files;
	return soft === 'unlimited' ? Number.POSITIVE_INFINITY : soft - reservedDescriptors;
}

/**
 * Devices in processes of their own. Each process takes an equal part of them and stays below its limit of open files.
 */
export class Generator {
	readonly #parts: readonly Part[];

	private constructor(parts: readonly Part[]) {
		this.#parts = parts;
	}

	/** Starts the processes and connects every device. */
	static async start(settings: GeneratorSettings): Promise<Generator> {
		const { devices, connections } = settings;
		const count = Math.max(
			Math.ceil(connections / connectionLimit()),
			Math.min(availableParallelism(), 2),
		);
		const parts = Array.from({ length: count }, (_, index) => {
			const share = (total: number): number =>
				Math.floor((total * (index + 1)) / count) - Math.floor((total * index) / count);
			const first = Math.floor((devices.length * index) / count);
			return new Part({
				...settings,
				kind: 'connect',
				devices: devices.slice(first, first + share(devices.length)),
				connections: share(connections),
			});
		});
		await Promise.all(parts.map((part) => part.connect()));
		return new Generator(parts);
	}

	get pids(): readonly number[] {
		return this.#parts.flatMap((part) => part.pid ?? []);
	}

	/** @param perSecond null: as fast as the answers come */
	async run(
		perSecond: number | null,
		warmUpSeconds: number,
		measureSeconds: number,
	): Promise<LoadResult> {
		const measureFromMs = Date.now() + warmUpSeconds * 1_000;
		const results = await Promise.all(
			this.#parts.map((part) =>
				part.run({
					kind: 'run',
					measureFromMs,
					measureToMs: measureFromMs + measureSeconds * 1_000,
					perSecond: perSecond === null ? null : perSecond / this.#parts.length,
				}),
			),
		);
		const latencies = new Latencies();
		for (const result of results) latencies.merge(new Latencies(result.latencies));
		const sum = (of: (result: RunResult) => number): number =>
			results.reduce((total, result) => total + of(result), 0);
		return {
			perSecond: sum((result) => result.acknowledged) / measureSeconds,
			latencies,
			acknowledgedByDevice: results.flatMap((result) => [...result.acknowledgedByDevice]),
			unanswered: sum((result) => result.unanswered),
			brokenConnections: sum((result) => result.brokenConnections),
		};
	}

	async close(): Promise<void> {
		await Promise.all(this.#parts.map((part) => part.close()));
	}
}

class Part {
	readonly #process: ChildProcess;
	readonly #order: Order;

	constructor(order: Extract<Order, { kind: 'connect' }>) {
		this.#order = order;
		// Structured clone instead of JSON: results carry typed arrays.
		this.#process = fork(join(import.meta.dirname, 'process.ts'), { serialization: 'advanced' });
	}

	get pid(): number | undefined {
		return this.#process.pid;
	}

	async connect(): Promise<void> {
		await this.#tell(this.#order);
	}

	async run(order: Extract<Order, { kind: 'run' }>): Promise<RunResult> {
		const reply = await this.#tell(order);
		if (reply.kind !== 'ran') throw new Error(`The load generator answered ${reply.kind}.`);
		return reply.result;
	}

	async close(): Promise<void> {
		await this.#tell({ kind: 'close' });
		const exited = once(this.#process, 'exit');
		this.#process.disconnect();
		await exited;
	}

	async #tell(order: Order): Promise<Reply> {
		const answer = new Promise<Reply>((resolve, reject) => {
			this.#process.once('message', resolve);
			this.#process.once('exit', (code) =>
				reject(new Error(`The load generator ended with code ${code}.`)),
			);
		});
		this.#process.send(order);
		const reply = await answer;
		this.#process.removeAllListeners('exit');
		if (reply.kind === 'failed') {
			this.#process.disconnect();
			throw new Error(`The load generator failed: ${reply.reason}`);
		}
		return reply;
	}
}
