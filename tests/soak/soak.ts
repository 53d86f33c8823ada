/**
 * `npm run soak`: random faults in a loop under load. After each, everything must go on by itself: what was acknowledged is
 * stored, nothing is stored twice, and the server holds no more than before. Ends with 1 when something is wrong.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetUnderFault, fleetIds } from '../faults/fleet-under-fault.ts';
import { ProductUnderFault } from '../faults/product-under-fault.ts';
import { Storm } from '../faults/storm.ts';
import { growthOf, type Holdings } from './growth.ts';
import { seeded } from './seeded.ts';
import { endingFaults, type SoakFault, survivedFaults } from './soak-faults.ts';
import { readSoakOptions } from './soak-options.ts';

const recoveryPatienceMs = 120_000;
/** Each device reports twice a second: the comparison with the database stays quick for hours. */
const pauseMs = 500;
const longestCalmMs = 8_000;
/** How often a fault is one that ends the server: seldom enough that its lives are long enough to see them grow. */
const endingShare = 0.15;
/** What the log says of faults as they are. */
const expectedComplaints: ReadonlySet<string> = new Set([
	'PostgreSQL is not running; starting it again',
	'the database does not answer',
]);

const options = readSoakOptions(process.argv.slice(2), randomInt(1, 2 ** 31));
const chance = seeded(options.seed);
const say = (text: string): void => {
	(options.json ? process.stderr : process.stdout).write(`${text}\n`);
};
say(
	`Seed ${options.seed}; ${options.devices} devices report, ${options.storm} more stay connected, for ${options.minutes} min.`,
);

const stormIds = Array.from({ length: options.storm }, (_, index) => `STORM-${index + 1}`);
const deviceIds = fleetIds(options.devices);
const product = await ProductUnderFault.start({
	deviceIds: [...deviceIds, ...stormIds],
	database: 'embedded',
});
const fleet = new FleetUnderFault(product, deviceIds, () => ({ pauseMs }));
const storm = new Storm(product, stormIds);
const endsAtMs = performance.now() + options.minutes * 60_000;
let isInterrupted = false;
process.once('SIGINT', () => {
	isInterrupted = true;
	say('Asked to stop: after this round.');
});

const befallen: Record<string, number> = {};
const wrong: string[] = [];
let life: Holdings[] = [];
let slowestRecoveryMs = 0;
let mostResidentBytes = 0;
let rounds = 0;
try {
	await storm.connect(recoveryPatienceMs);
	while (performance.now() < endsAtMs && !isInterrupted && wrong.length === 0) await round();
} catch (error) {
	wrong.push(error instanceof Error ? error.message : String(error));
} finally {
	storm.end();
	await fleet.end();
	await product.close();
}
summarise();

async function round(): Promise<void> {
	rounds += 1;
	await delay(chance() * longestCalmMs);
	const isEnding = chance() < endingShare;
	const fault = oneOf(isEnding ? endingFaults : survivedFaults);
	befallen[fault.name] = (befallen[fault.name] ?? 0) + 1;
	if (isEnding) endLife();
	await fault.befall({ product, fleet, storm, chance });
	const recoveryMs = await recover();
	slowestRecoveryMs = Math.max(slowestRecoveryMs, recoveryMs);
	await compare();
	const holdings = {
		residentBytes: await product.residentBytes(),
		openDescriptors: await product.openDescriptors(),
	};
	mostResidentBytes = Math.max(mostResidentBytes, holdings.residentBytes);
	life.push(holdings);
	say(
		`${String(rounds).padStart(4)}  ${fault.name.padEnd(40)} on again after ${Math.round(recoveryMs)} ms; ${fleet.acknowledged} acknowledged; ${megabytes(holdings.residentBytes)} MB, ${holdings.openDescriptors} descriptors`,
	);
}

function oneOf(faults: readonly SoakFault[]): SoakFault {
	const fault = faults[Math.floor(chance() * faults.length)];
	if (fault === undefined) throw new Error('There is no fault to choose.');
	return fault;
}

/** Waits until all devices are acknowledged again. @returns how long it took */
async function recover(): Promise<number> {
	const beganAtMs = performance.now();
	await fleet.eachAcknowledged(3, recoveryPatienceMs);
	await product.healthBecomes(200, recoveryPatienceMs);
	const tookMs = performance.now() - beganAtMs;
	await storm.reconnected(recoveryPatienceMs);
	await storm.report(recoveryPatienceMs);
	return tookMs;
}

async function compare(): Promise<void> {
	await fleet.finish();
	await storm.expectStored(product);
	for (const complaint of new Set(product.complaints()))
		if (!expectedComplaints.has(complaint)) wrong.push(`the log says: ${complaint}`);
	fleet.report();
}

function endLife(): void {
	wrong.push(...growthOf(life));
	life = [];
}

function summarise(): void {
	endLife();
	const summary = {
		seed: options.seed,
		minutes: options.minutes,
		rounds,
		faults: befallen,
		acknowledged: fleet.acknowledged,
		slowestRecoveryMs: Math.round(slowestRecoveryMs),
		mostResidentMb: megabytes(mostResidentBytes),
		wrong,
	};
	say(
		`${rounds} faults, ${summary.acknowledged} readings acknowledged, none lost, none twice${wrong.length === 0 ? '' : ' but for what follows'}; slowest recovery ${summary.slowestRecoveryMs} ms; at most ${summary.mostResidentMb} MB.`,
	);
	for (const sentence of wrong) say(`WRONG: ${sentence} (seed ${options.seed})`);
	if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
	process.exitCode = wrong.length === 0 ? 0 : 1;
}

function megabytes(bytes: number): number {
	return Math.round(bytes / 1024 ** 2);
}
