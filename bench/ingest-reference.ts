import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectDevices, type FullLoad, loadFully } from './ingest-full-load.ts';
import type { IngestOptions } from './ingest-options.ts';
import type { LoadDevice } from './load/orders.ts';

/** Measures a bare aedes in a process of its own: same devices, connections and readings, nothing behind it. */
export async function measureReference(
	options: IngestOptions,
	devices: readonly LoadDevice[],
	run: number,
): Promise<FullLoad> {
	const broker = fork(join(import.meta.dirname, 'load/reference-broker.ts'));
	const [port] = await once(broker, 'message');
	const generator = await connectDevices(options, devices, Number(port), run);
	const pids = { server: broker.pid ?? 0, postmaster: null };
	const result = await loadFully(generator, options.seconds, pids);
	await generator.close();
	broker.disconnect();
	await once(broker, 'exit');
	if (result.load.brokenConnections > 0)
		throw new Error(`bare aedes broke ${result.load.brokenConnections} connections`);
	return result;
}
