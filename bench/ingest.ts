/**
 * `npm run bench:ingest`: durable acknowledged QoS 1 messages a second of the whole product, compared within one run
 * with a bare broker that stores nothing and with the bare database work (`docs/decisions/0006-load-generator.md`).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPool } from '#platform/database/connect.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { createInstallation, type Installation } from '../tests/harness/installation.ts';
import { startProduct } from '../tests/harness/product.ts';
import { openConsole } from './ingest-console.ts';
import { BareCopy } from './ingest-copy.ts';
import { createDiskFolder } from './ingest-disk.ts';
import { readIngestOptions } from './ingest-options.ts';
import {
	postgresBytes,
	postmasterPid,
	processorSeconds,
	residentBytes,
} from './ingest-processes.ts';
import { type Acknowledged, readStored, walBytes } from './ingest-stored.ts';
import { connectionLimit, Generator, type LoadResult } from './load/generator.ts';
import { firstSequenceOf } from './load/payload.ts';

const options = readIngestOptions(process.argv.slice(2));
const connections = Math.min(options.devices, connectionLimit());
const warmUpSeconds = 5;
/** Rows that the bare COPY writes at each measurement: some seconds' work. */
const copyRows = 300_000;
const watchedRows = 30;

interface ProductRun {
	readonly load: LoadResult;
	readonly serverBytes: number;
	readonly postgresBytes: number;
	/** Processor time per message, in microseconds. */
	readonly processorUs: { server: number; postgres: number; generator: number };
	readonly consoleUpdates: number;
	/** At half the rate, in the last round. */
	readonly atHalf: LoadResult | null;
	readonly acknowledged: Acknowledged;
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

async function startReference(): Promise<{ port: number; process: ChildProcess }> {
	const broker = fork(join(import.meta.dirname, 'load/reference-broker.ts'));
	const [port] = await once(broker, 'message');
	return { port: Number(port), process: broker };
}

function startGenerator(installation: Installation, port: number, run: number): Promise<Generator> {
	return Generator.start({
		port,
		devices: installation.devices,
		connections,
		boot: `boot${run}`,
		firstSequence: firstSequenceOf(run),
		window: options.window,
	});
}

async function measureReference(installation: Installation, round: number): Promise<number> {
	const reference = await startReference();
	const generator = await startGenerator(installation, reference.port, round);
	const { perSecond, brokenConnections } = await generator.run(
		null,
		warmUpSeconds,
		options.seconds,
	);
	await generator.close();
	reference.process.disconnect();
	await once(reference.process, 'exit');
	if (brokenConnections > 0) throw new Error(`bare aedes broke ${brokenConnections} connections`);
	return perSecond;
}

/** PostgreSQL alone, while the product does not run. */
function startPostgres(dataDir: string): Promise<EmbeddedPostgres> {
	return startEmbeddedPostgres({ dir: join(dataDir, 'postgres'), log: createLog('error') });
}

/** A fresh data folder's content, and where the log of changes stood before the first reading. */
async function prepare(dataDir: string): Promise<[installation: Installation, walAtStart: number]> {
	const postgres = await startPostgres(dataDir);
	const deviceIds = Array.from(
		{ length: options.devices },
		(_, index) => `BENCH-${String(index).padStart(7, '0')}`,
	);
	const installation = await createInstallation(postgres.url, deviceIds);
	const pool = createPool(postgres.url, 'bench', 1);
	const walAtStart = await walBytes(pool);
	await pool.end();
	await postgres.stop();
	return [installation, walAtStart];
}

async function measureProduct(
	dataDir: string,
	installation: Installation,
	round: number,
): Promise<ProductRun> {
	const server = await startProduct({ dataDir, environment: { LOG_LEVEL: 'warn' } });
	const serverPid = server.process.pid ?? 0;
	const postgresPid = await postmasterPid(join(dataDir, 'postgres'));
	const watched = installation.devices.slice(0, watchedRows).map(({ deviceNo }) => deviceNo);
	const { email, password } = installation;
	const console = await openConsole(server.url, email, password, watched);
	const generator = await startGenerator(installation, server.mqttPort, round);

	const usage = async () => ({
		server: await processorSeconds([serverPid], { withChildren: false }),
		postgres: await processorSeconds([postgresPid], { withChildren: true }),
		generator: await processorSeconds(generator.pids, { withChildren: false }),
	});
	const running = generator.run(null, warmUpSeconds, options.seconds);
	await delay(warmUpSeconds * 1_000);
	const before = await usage();
	await delay(options.seconds * 1_000);
	const after = await usage();
	const load = await running;
	const memory = {
		serverBytes: await residentBytes(serverPid),
		postgresBytes: await postgresBytes(postgresPid),
	};
	const atHalf =
		round === options.rounds
			? await generator.run(load.perSecond / 2, warmUpSeconds, options.seconds)
			: null;
	const consoleUpdates = console.updates;
	await generator.close();
	await console.close();
	const code = await server.end('SIGTERM');
	if (code !== 0) throw new Error(`The server ended with ${code}:\n${server.said()}`);

	const perMessage = (part: keyof typeof before): number =>
		((after[part] - before[part]) / (load.perSecond * options.seconds)) * 1e6;
	const last = atHalf ?? load;
	return {
		load,
		...memory,
		processorUs: {
			server: perMessage('server'),
			postgres: perMessage('postgres'),
			generator: perMessage('generator'),
		},
		consoleUpdates,
		atHalf,
		acknowledged: {
			run: round,
			byDeviceNo: new Map(
				installation.devices.map(({ deviceNo }, index) => [
					deviceNo,
					last.acknowledgedByDevice[index] ?? 0,
				]),
			),
		},
	};
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function thousands(value: number): string {
	return Math.round(value).toLocaleString('en-GB');
}

function megabytes(bytes: number): string {
	return `${thousands(bytes / 1e6)} MB`;
}

function rounded(value: number, places: number): number {
	return Number(value.toFixed(places));
}

async function main(): Promise<boolean> {
	const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${megabytes(totalmem())} of memory, Linux ${release()}, Node ${process.version}`;
	say(machine);
	say(
		`${thousands(options.devices)} devices on ${thousands(connections)} connections, ${options.window} message(s) on the way each, ${options.seconds} s a measurement`,
	);
	if (connections < options.devices)
		say(
			`(this shell allows ${thousands(connections)} connections in one process, see ulimit -n; the other devices take turns)`,
		);

	const folder = await createDiskFolder();
	try {
		const [installation, walAtStart] = await prepare(folder.path);
		const reference: number[] = [];
		const product: ProductRun[] = [];
		for (let round = 1; round <= options.rounds; round += 1) {
			reference.push(await measureReference(installation, round));
			say(`  bare aedes, nothing stored   ${thousands(reference.at(-1) ?? 0)} messages/s`);
			const run = await measureProduct(folder.path, installation, round);
			product.push(run);
			const { server, postgres, generator } = run.processorUs;
			say(
				`  Quarterdeck, stored          ${thousands(run.load.perSecond)} messages/s (µs of processor time each: server ${server.toFixed(1)}, PostgreSQL ${postgres.toFixed(1)}, load generator ${generator.toFixed(1)})`,
			);
		}

		const postgres = await startPostgres(folder.path);
		const pool = createPool(postgres.url, 'bench', 2);
		const wal = (await walBytes(pool)) - walAtStart;
		const stored = await readStored(
			pool,
			product.map((run) => run.acknowledged),
		);
		await pool.end();
		const one: number[] = [];
		const four: number[] = [];
		const bare = await BareCopy.create(postgres.url, copyRows);
		for (let round = 1; round <= options.rounds; round += 1) {
			one.push(await bare.measure(1));
			four.push(await bare.measure(4));
			say(
				`  bare COPY + upsert           ${thousands(one.at(-1) ?? 0)} rows/s on one connection, ${thousands(four.at(-1) ?? 0)} on four`,
			);
		}
		await bare.close();
		await postgres.stop();

		const last = product.at(-1);
		const atHalf = last?.atHalf;
		if (last === undefined || !atHalf) throw new Error('no round was measured');
		const perSecond = mean(product.map((run) => run.load.perSecond));
		const referencePerSecond = mean(reference);
		const copyPerSecond = Math.max(mean(one), mean(four));
		const brokenConnections = Math.max(...product.map((run) => run.load.brokenConnections));
		const result = {
			ratio: rounded(perSecond / referencePerSecond, 3),
			perSecond: Math.round(perSecond),
			referencePerSecond: Math.round(referencePerSecond),
			copyRatio: rounded(perSecond / copyPerSecond, 3),
			copyPerSecond: Math.round(copyPerSecond),
			copyPerSecondOneConnection: Math.round(mean(one)),
			copyPerSecondFourConnections: Math.round(mean(four)),
			p50Ms: atHalf.latencies.quantileMs(0.5),
			p99Ms: atHalf.latencies.quantileMs(0.99),
			p99AtPerSecond: Math.round(atHalf.perSecond),
			serverBytes: last.serverBytes,
			postgresBytes: last.postgresBytes,
			bytesPerReading: Math.round(stored.bytesPerReading),
			walBytesPerReading: Math.round(wal / Math.max(1, stored.rows)),
			acknowledged: stored.acknowledged,
			stored: stored.rows,
			missing: stored.missing,
			repeated: stored.repeated,
			unacknowledged: stored.unacknowledged,
			brokenConnections,
			devices: options.devices,
			devicesStored: stored.devices,
			connections,
			window: options.window,
			seconds: options.seconds,
			rounds: options.rounds,
			processorUs: last.processorUs,
			consoleUpdates: last.consoleUpdates,
			machine,
		};
		const isSound = stored.missing === 0 && stored.repeated === 0;

		say('');
		say(`durable acknowledged   ${thousands(perSecond)} messages/s`);
		say(`÷ bare aedes           ${result.ratio} (${thousands(referencePerSecond)}/s)`);
		say(`÷ bare COPY + upsert   ${result.copyRatio} (${thousands(copyPerSecond)}/s)`);
		say(
			`acknowledgement        p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms at ${thousands(atHalf.perSecond)} messages/s`,
		);
		say(
			`memory                 server ${megabytes(last.serverBytes)}, PostgreSQL ${megabytes(last.postgresBytes)}`,
		);
		say(
			`on disk                ${result.bytesPerReading} bytes a reading, ${result.walBytesPerReading} of log`,
		);
		say(
			`stored = acknowledged  ${isSound ? 'yes' : 'NO'}: ${thousands(stored.acknowledged)} acknowledged, ${thousands(stored.missing)} of them missing, ${thousands(stored.repeated)} stored twice, ${thousands(stored.unacknowledged)} stored without an answer; ${thousands(stored.devices)} devices`,
		);
		if (brokenConnections > 0) say(`connections broken     ${brokenConnections}`);
		if (options.json) say(JSON.stringify(result));
		return isSound;
	} finally {
		await folder.remove();
	}
}

process.exitCode = (await main()) ? 0 : 1;
