/**
 * `npm run bench:ingest`: durable acknowledged QoS 1 messages a second of the whole product, compared within one run
 * with a bare broker that stores nothing and with the bare database work (`docs/decisions/0006-load-generator.md`).
 */
import { createPool } from '#platform/database/connect.ts';
import { createInstallation, type Installation } from '../tests/harness/installation.ts';
import { withPostgres } from './bench-postgres.ts';
import { BareCopy } from './ingest-copy.ts';
import { createDiskFolder } from './ingest-disk.ts';
import { connectionsFor, type FullLoad } from './ingest-full-load.ts';
import { readIngestOptions } from './ingest-options.ts';
import { measureProduct, type ProductRun } from './ingest-product.ts';
import { measureReference } from './ingest-reference.ts';
import { describe, describeLoad, machine, summarize, thousands } from './ingest-report.ts';
import { readStored, walBytes } from './ingest-stored.ts';

/** Rows that the bare COPY writes at each measurement: some seconds' work. */
const copyRows = 300_000;

const options = readIngestOptions(process.argv.slice(2));
const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

say(machine);
say(
	`${thousands(options.devices)} devices, ${options.window} message(s) on the way each, ${options.seconds} s a measurement`,
);
if (connectionsFor(options) < options.devices)
	say(
		`${thousands(connectionsFor(options))} of them connected at once, which is what ulimit -n allows one process; the rest take turns`,
	);
const folder = await createDiskFolder();
try {
	const figures = await measure(folder.path);
	say(`\n${describe(figures)}`);
	if (options.json) say(JSON.stringify(figures));
	process.exitCode = figures.missing === 0 && figures.repeated === 0 ? 0 : 1;
} finally {
	await folder.remove();
}

async function measure(dataDir: string) {
	const { installation, walAtStart } = await prepare(dataDir);
	const reference: FullLoad[] = [];
	const product: ProductRun[] = [];
	for (let round = 1; round <= options.rounds; round += 1) {
		const bare = await measureReference(options, installation.devices, round);
		say(describeLoad('bare aedes', bare));
		reference.push(bare);
		const whole = await measureProduct(options, dataDir, installation, round);
		say(describeLoad('Quarterdeck, durable', whole));
		product.push(whole);
	}

	const acknowledged = product.map((run) => run.acknowledged);
	return withPostgres(dataDir, async (url) => {
		const pool = createPool(url, 'bench', 2);
		const written = (await walBytes(pool)) - walAtStart;
		const stored = await readStored(pool, acknowledged);
		await pool.end();
		const copy = await measureCopy(url);
		return summarize(options, { reference, product, ...copy, stored, walBytes: written });
	});
}

async function measureCopy(url: string) {
	const copyOnOne: number[] = [];
	const copyOnFour: number[] = [];
	const bare = await BareCopy.create(url, copyRows);
	for (let round = 1; round <= options.rounds; round += 1) {
		const onOne = await bare.measure(1);
		const onFour = await bare.measure(4);
		say(
			`  bare COPY + upsert   ${thousands(onOne).padStart(8)} rows/s on one connection, ${thousands(onFour)} on four`,
		);
		copyOnOne.push(onOne);
		copyOnFour.push(onFour);
	}
	await bare.close();
	return { copyOnOne, copyOnFour };
}

/** Fills a fresh data folder, and tells where the log of changes stood before the first reading. */
function prepare(dataDir: string): Promise<{ installation: Installation; walAtStart: number }> {
	const deviceIds = Array.from(
		{ length: options.devices },
		(_, index) => `BENCH-${String(index).padStart(7, '0')}`,
	);
	return withPostgres(dataDir, async (url) => {
		const installation = await createInstallation(url, deviceIds);
		const pool = createPool(url, 'bench', 1);
		const walAtStart = await walBytes(pool);
		await pool.end();
		return { installation, walAtStart };
	});
}
