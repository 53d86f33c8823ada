import { cpus, release, totalmem } from 'node:os';
import { connectionsFor, type FullLoad } from './ingest-full-load.ts';
import type { IngestOptions } from './ingest-options.ts';
import type { ProductRun } from './ingest-product.ts';
import type { Stored } from './ingest-stored.ts';

/** Everything that was measured, round by round. */
export interface Measured {
	readonly reference: readonly FullLoad[];
	readonly product: readonly ProductRun[];
	/** Rows a second of the bare database work, on one connection and on four. */
	readonly copyOnOne: readonly number[];
	readonly copyOnFour: readonly number[];
	readonly stored: Stored;
	readonly walBytes: number;
}

export const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${megabytes(totalmem())} of memory, ${process.platform} ${release()}, Node ${process.version}`;

/** The figures of one run: rates and ratios are the median of the rounds, sizes those of the last. */
export function summarize(options: IngestOptions, measured: Measured) {
	const { reference, product, stored } = measured;
	const rate = ({ load }: FullLoad): number => load.perSecond;
	const ratios = product.map((run, round) => rate(run) / (reference[round]?.load.perSecond ?? 0));
	const perSecond = median(product.map(rate));
	const copyPerSecond = Math.max(median(measured.copyOnOne), median(measured.copyOnFour));
	const last = product.at(-1);
	return {
		ratio: rounded(median(ratios), 3),
		perSecond: Math.round(perSecond),
		referencePerSecond: Math.round(median(reference.map(rate))),
		copyRatio: rounded(perSecond / copyPerSecond, 3),
		copyPerSecondOnOne: Math.round(median(measured.copyOnOne)),
		copyPerSecondOnFour: Math.round(median(measured.copyOnFour)),
		p50Ms: median(product.map(({ atHalf }) => atHalf.latencies.quantileMs(0.5))),
		p99Ms: median(product.map(({ atHalf }) => atHalf.latencies.quantileMs(0.99))),
		latencyAtPerSecond: Math.round(median(product.map(({ atHalf }) => atHalf.perSecond))),
		serverBytes: last?.serverBytes ?? 0,
		postgresBytes: last?.postgresBytes ?? 0,
		bytesPerReading: Math.round(stored.bytesPerReading),
		walBytesPerReading: Math.round(measured.walBytes / Math.max(1, stored.rows)),
		acknowledged: stored.acknowledged,
		stored: stored.rows,
		missing: stored.missing,
		repeated: stored.repeated,
		unacknowledged: stored.unacknowledged,
		brokenConnections: Math.max(...product.map(({ atHalf }) => atHalf.brokenConnections)),
		consoleUpdates: last?.consoleUpdates ?? 0,
		processorUs: last?.processorUs,
		referenceProcessorUs: reference.at(-1)?.processorUs,
		devices: options.devices,
		devicesStored: stored.devices,
		connections: connectionsFor(options),
		window: options.window,
		seconds: options.seconds,
		rounds: options.rounds,
		machine,
	};
}

/** The figures as people read them. */
export function describe(figures: ReturnType<typeof summarize>): string {
	const isExact = figures.missing === 0 && figures.repeated === 0;
	const lines = [
		`durable acknowledged   ${thousands(figures.perSecond)} messages/s`,
		`÷ bare aedes           ${figures.ratio} (${thousands(figures.referencePerSecond)}/s)`,
		`÷ bare COPY + upsert   ${figures.copyRatio} (${thousands(figures.copyPerSecondOnOne)}/s on one connection, ${thousands(figures.copyPerSecondOnFour)} on four)`,
		`acknowledgement        p50 ${figures.p50Ms} ms, p99 ${figures.p99Ms} ms at ${thousands(figures.latencyAtPerSecond)} messages/s`,
		`memory                 server ${megabytes(figures.serverBytes)}, PostgreSQL ${megabytes(figures.postgresBytes)}`,
		`on disk                ${figures.bytesPerReading} bytes a reading, and ${figures.walBytesPerReading} of log`,
		`stored = acknowledged  ${isExact ? 'yes' : 'NO'}: ${thousands(figures.acknowledged)} acknowledged, ${thousands(figures.missing)} of them missing, ${thousands(figures.repeated)} stored twice; ${thousands(figures.unacknowledged)} stored without an answer; ${thousands(figures.devicesStored)} devices`,
	];
	if (figures.brokenConnections > 0)
		lines.push(`connections broken     ${thousands(figures.brokenConnections)}`);
	return lines.join('\n');
}

/** One measurement as a line. */
export function describeLoad(name: string, { load, processorUs }: FullLoad): string {
	const { server, postgres, generator } = processorUs;
	const shares = [
		`server ${server.toFixed(1)}`,
		...(postgres > 0 ? [`PostgreSQL ${postgres.toFixed(1)}`] : []),
		`load generator ${generator.toFixed(1)}`,
	];
	return `  ${name.padEnd(20)} ${thousands(load.perSecond).padStart(8)} messages/s, µs of processor time each: ${shares.join(', ')}`;
}

export function thousands(value: number): string {
	return Math.round(value).toLocaleString('en-GB');
}

function megabytes(bytes: number): string {
	return `${thousands(bytes / 1e6)} MB`;
}

function rounded(value: number, places: number): number {
	return Number(value.toFixed(places));
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
