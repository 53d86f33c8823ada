import { setTimeout as delay } from 'node:timers/promises';
import type { IngestOptions } from './ingest-options.ts';
import { processorSeconds } from './ingest-processes.ts';
import { connectionLimit, Generator, type LoadResult } from './load/generator.ts';
import type { LoadDevice } from './load/orders.ts';
import { firstSequenceOf } from './load/payload.ts';

/** Time for code to be compiled, caches to fill and waiting devices to get their turn. */
export const warmUpSeconds = 5;

export interface FullLoad {
	readonly load: LoadResult;
	/** Processor time per message, in microseconds; it depends less on what else the machine does than the rate. */
	readonly processorUs: {
		readonly server: number;
		readonly postgres: number;
		readonly generator: number;
	};
}

/** How many devices are connected at once: all, if the limit of open files allows it. */
export function connectionsFor({ devices }: IngestOptions): number {
	return Math.min(devices, connectionLimit());
}

/** Connects the devices to a broker. @param run counts the generator's runs against one installation, from 1 */
export function connectDevices(
	options: IngestOptions,
	devices: readonly LoadDevice[],
	port: number,
	run: number,
): Promise<Generator> {
	return Generator.start({
		port,
		devices,
		connections: connectionsFor(options),
		boot: `boot${run}`,
		firstSequence: firstSequenceOf(run),
		window: options.window,
	});
}

/** Loads a broker as fast as it answers. */
export async function loadFully(
	generator: Generator,
	seconds: number,
	pids: { readonly server: number; readonly postmaster: number | null },
): Promise<FullLoad> {
	const { server, postmaster } = pids;
	const read = async () => ({
		server: await processorSeconds([server], { withChildren: false }),
		postgres:
			postmaster === null ? 0 : await processorSeconds([postmaster], { withChildren: true }),
		generator: await processorSeconds(generator.pids, { withChildren: false }),
	});
	const running = generator.run(null, warmUpSeconds, seconds);
	await delay(warmUpSeconds * 1_000);
	const before = await read();
	await delay(seconds * 1_000);
	const after = await read();
	const load = await running;
	const perMessage = (part: keyof typeof before): number =>
		((after[part] - before[part]) / (load.perSecond * seconds)) * 1e6;
	return {
		load,
		processorUs: {
			server: perMessage('server'),
			postgres: perMessage('postgres'),
			generator: perMessage('generator'),
		},
	};
}
