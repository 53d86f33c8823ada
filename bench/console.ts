/**
 * `npm run bench:console`: how fast the Fleet Console answers over HTTP with a million devices while readings come in.
 * Each kind of question is compared with bare SQL for the same rows in the same run.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { listFleet } from '#modules/fleet/contract.ts';
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { createInstallation, type Installation } from '../tests/harness/installation.ts';
import { type RunningProduct, startProduct } from '../tests/harness/product.ts';
import { signIn } from '../tests/harness/sign-in.ts';
import { customers, dealers, fillFleet } from './console-fleet.ts';
import { createDiskFolder } from './ingest-disk.ts';
import { machine, thousands } from './ingest-report.ts';
import { Generator } from './load/generator.ts';
import { firstSequenceOf } from './load/payload.ts';

const { values } = parseArgs({
	options: {
		devices: { type: 'string', default: '1000000' },
		requests: { type: 'string', default: '60' },
		'per-second': { type: 'string', default: '10000' },
		json: { type: 'boolean', default: false },
	},
});
const devices = Number(values.devices);
const requests = Number(values.requests);
const messagesPerSecond = Number(values['per-second']);
/** Devices that report while the console is asked; the others have spoken before. */
const reporting = 5_000;

const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

/** One kind of question: its query, different each time, as an operator's would be. */
const kinds: Readonly<Record<string, (turn: number) => Record<string, string>>> = {
	'first page': () => ({}),
	'search, selective': (turn) => ({ q: `VCU-${String(1 + turn * 7919).padStart(8, '0')}` }),
	'search, broad': () => ({ q: 'MDQ' }),
	'search, customer': (turn) => ({
		q: `Customer ${String(1 + (turn % customers)).padStart(5, '0')}`,
	}),
	'filter by status': (turn) => ({ status: ['moving', 'offline', 'charging'][turn % 3] ?? '' }),
	'filter by dealer': (turn) => ({ dealerNo: String(1 + (turn % dealers)) }),
	'filter by firmware': (turn) => ({ firmware: `4.${turn % 8}.${turn % 5}` }),
	'sort by charge': (turn) => ({ sort: 'soc', direction: turn % 2 === 0 ? 'asc' : 'desc' }),
	'sort by VIN': () => ({ sort: 'vin', direction: 'asc' }),
	'sort by customer': () => ({ sort: 'customer', direction: 'desc' }),
	'deep page': (turn) => ({
		page: String(Math.floor(devices / 60) + turn),
		sort: 'odometer',
	}),
};

interface KindFigures {
	readonly kind: string;
	readonly p50Ms: number;
	readonly p95Ms: number;
}

const folder = await createDiskFolder();
try {
	const installation = await prepare();
	const product = await startProduct({ dataDir: folder.path, environment: { LOG_LEVEL: 'warn' } });
	try {
		await report(await measure(product, installation));
	} finally {
		await product.end('SIGTERM');
	}
} finally {
	await folder.remove();
}

async function prepare(): Promise<Installation> {
	say(
		`${machine}\n${thousands(devices)} devices, ${thousands(messagesPerSecond)} messages/s coming in`,
	);
	const postgres = await startEmbeddedPostgres({
		dir: join(folder.path, 'postgres'),
		log: createLog('warn'),
	});
	try {
		const ids = Array.from({ length: reporting }, (_, index) => `LOAD-${index}`);
		const installation = await createInstallation(postgres.url, ids);
		const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
		await fillFleet(pool, installation.organizationNo, devices - reporting);
		await pool.end();
		return installation;
	} finally {
		await postgres.stop();
	}
}

async function measure(
	product: RunningProduct,
	{ email, password, devices: reportingDevices }: Installation,
): Promise<KindFigures[]> {
	const cookie = await signIn(product.url, email, password);
	const generator = await Generator.start({
		port: product.mqttPort,
		devices: reportingDevices,
		connections: reporting,
		boot: 'boot1',
		firstSequence: firstSequenceOf(1),
		window: 4,
	});
	const figures: KindFigures[] = [];
	const asked = askAll(product.url, cookie, figures);
	let isAsking = true;
	void asked.finally(() => {
		isAsking = false;
	});
	let acknowledged = 0;
	const startedAtMs = Date.now();
	while (isAsking) {
		const part = await generator.run(messagesPerSecond, 0, 5);
		acknowledged += part.perSecond * 5;
	}
	await asked;
	say(`messages/s while asked   ${thousands(acknowledged / ((Date.now() - startedAtMs) / 1_000))}`);
	await generator.close();
	return figures;
}

async function askAll(url: string, cookie: string, figures: KindFigures[]): Promise<void> {
	// Names are put in order some seconds after the start.
	await delay(5_000);
	for (const [kind, queryOf] of Object.entries(kinds)) {
		const times: number[] = [];
		for (let turn = 0; turn < requests; turn += 1) {
			const address = new URL(listFleet.path, url);
			for (const [name, value] of Object.entries(queryOf(turn)))
				address.searchParams.set(name, value);
			const startedAtMs = performance.now();
			const response = await fetch(address, { headers: { cookie } });
			const body = await response.text();
			times.push(performance.now() - startedAtMs);
			if (!response.ok) throw new Error(`${address} answered ${response.status}: ${body}`);
			const { rows, total } = listFleet.reply.parse(JSON.parse(body));
			if (turn === 0 && rows.length === 0) throw new Error(`${address} found none of ${total}`);
		}
		times.sort((one, other) => one - other);
		const at = (part: number) =>
			times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
		const figure = { kind, p50Ms: at(0.5), p95Ms: at(0.95) };
		figures.push(figure);
		say(
			`  ${kind.padEnd(20)} p50 ${figure.p50Ms.toFixed(1).padStart(6)} ms   p95 ${figure.p95Ms.toFixed(1).padStart(6)} ms`,
		);
	}
}

async function report(figures: readonly KindFigures[]): Promise<void> {
	const slowest = figures.reduce((one, other) => (other.p95Ms > one.p95Ms ? other : one));
	say(`slowest kind             ${slowest.kind}, p95 ${slowest.p95Ms.toFixed(1)} ms (goal < 50)`);
	if (values.json)
		say(
			JSON.stringify({
				devices,
				messagesPerSecond,
				p95Ms: slowest.p95Ms,
				goalMs: 50,
				kinds: figures,
			}),
		);
}
