import { join } from 'node:path';
import type { Installation } from '../tests/harness/installation.ts';
import { type RunningProduct, startProduct } from '../tests/harness/product.ts';
import { openConsole } from './ingest-console.ts';
import { connectDevices, type FullLoad, loadFully, warmUpSeconds } from './ingest-full-load.ts';
import type { IngestOptions } from './ingest-options.ts';
import { postgresBytes, postmasterPid, residentBytes } from './ingest-processes.ts';
import type { Acknowledged } from './ingest-stored.ts';
import type { LoadResult } from './load/generator.ts';

/** Rows of a console page. */
const watchedRows = 30;

export interface ProductRun extends FullLoad {
	readonly serverBytes: number;
	readonly postgresBytes: number;
	readonly consoleUpdates: number;
	readonly atHalf: LoadResult;
	readonly acknowledged: Acknowledged;
}

/** A run with few devices sends faster for each than devices may. */
const environment = { LOG_LEVEL: 'warn', DEVICE_MESSAGES_PER_SECOND: '100000' };

/**
 * Measures the product as it is: real server, its own PostgreSQL, everything on, and an operator who watches the
 * console. First as fast as it answers, then at half that rate.
 */
export async function measureProduct(
	options: IngestOptions,
	dataDir: string,
	installation: Installation,
	run: number,
): Promise<ProductRun> {
	const product = await startProduct({ dataDir, environment });
	try {
		return await loadProduct(options, dataDir, installation, run, product);
	} finally {
		const code = await product.end('SIGTERM');
		if (code !== 0) process.stderr.write(`The server ended with ${code}:\n${product.said()}\n`);
	}
}

async function loadProduct(
	options: IngestOptions,
	dataDir: string,
	installation: Installation,
	run: number,
	product: RunningProduct,
): Promise<ProductRun> {
	const server = product.process.pid ?? 0;
	const postmaster = await postmasterPid(join(dataDir, 'postgres'));
	const { email, password, devices } = installation;
	const watched = devices.slice(0, watchedRows).map(({ deviceNo }) => deviceNo);
	const console = await openConsole(product.url, email, password, watched);
	const generator = await connectDevices(options, devices, product.mqttPort, run);

	const full = await loadFully(generator, options.seconds, { server, postmaster });
	const memory = {
		serverBytes: await residentBytes(server),
		postgresBytes: await postgresBytes(postmaster),
	};
	const atHalf = await generator.run(full.load.perSecond / 2, warmUpSeconds, options.seconds);
	const consoleUpdates = console.updates;
	await generator.close();
	await console.close();
	const byDeviceNo = new Map(
		devices.map(({ deviceNo }, index) => [deviceNo, atHalf.acknowledgedByDevice[index] ?? 0]),
	);
	return { ...full, ...memory, consoleUpdates, atHalf, acknowledged: { run, byDeviceNo } };
}
