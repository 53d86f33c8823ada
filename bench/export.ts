/**
 * `npm run bench:export [-- --devices 200000] [--rounds 3] [--json]`: how long the running product takes to write a fleet
 * as an Excel workbook, over HTTP, compared with a bare COPY of the same rows to CSV in the same run, and how much more
 * memory the server holds meanwhile.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { rowsHeader } from '#contract/workbook.ts';
import { exportFleet } from '#modules/fleet/contract.ts';
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { createInstallation } from '../tests/harness/installation.ts';
import { type RunningProduct, startProduct } from '../tests/harness/product.ts';
import { signIn } from '../tests/harness/sign-in.ts';
import { fillFleet } from './console-fleet.ts';
import { createDiskFolder } from './ingest-disk.ts';
import { machine, thousands } from './ingest-report.ts';

const goalRatio = 4;
const goalPeakMb = 300;
const sampleEveryMs = 50;

const { values } = parseArgs({
	options: {
		devices: { type: 'string', default: '200000' },
		rounds: { type: 'string', default: '3' },
		json: { type: 'boolean', default: false },
	},
});
const devices = Number(values.devices);

/** The columns of the workbook, as the database has them. */
const copySql = `copy (select d.vin, d.name, d.device_id, d.telematics_id, d.family, d.model, d.registration_no,
	d.customer_name, d.customer_city, d.dealer_name, d.product_status, d.transport, s.last_heard_at, s.ignition,
	s.charging, s.soc_pct, s.range_km, s.odometer_km, s.speed_kmh, s.battery_v, s.signal, s.lat, s.lon, s.firmware,
	s.run_state, s.engine_temp_c, s.total_hours, s.total_kwh,
	device_status(d.family, s.charging, s.ignition, s.speed_kmh, s.run_state, s.last_heard_at, now())
	from v_device d left join device_state s using (device_no)
	where d.retired_at is null order by s.last_heard_at desc nulls last, d.device_no) to stdout csv header`;

interface Round {
	readonly excelMs: number;
	readonly copyMs: number;
	readonly bytes: number;
	readonly peakMb: number;
}

const folder = await createDiskFolder();
const postgres = await startEmbeddedPostgres({
	dir: join(folder.path, 'postgres'),
	log: createLog('warn'),
});
try {
	const { organizationNo, email, password } = await createInstallation(postgres.url, []);
	const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
	await fillFleet(pool, organizationNo, devices);
	await pool.query('vacuum analyze');
	const product = await startProduct({
		dataDir: folder.path,
		environment: { DATABASE_URL: postgres.url, LOG_LEVEL: 'warn' },
	});
	try {
		const cookie = await signIn(product.url, email, password);
		const restingMb = await memoryMb(product);
		const rounds: Round[] = [];
		for (let round = 0; round < Number(values.rounds); round++) {
			const copyMs = await copyOnce(pool);
			rounds.push({ copyMs, ...(await exportOnce(product, cookie)) });
		}
		report(rounds, restingMb);
	} finally {
		await product.end('SIGTERM');
		await pool.end();
	}
} finally {
	await postgres.stop();
	await folder.remove();
}

async function copyOnce(pool: pg.Pool): Promise<number> {
	const client = await pool.connect();
	try {
		const beganAtMs = performance.now();
		await pipeline(client.query(copyTo(copySql)), nowhere());
		return performance.now() - beganAtMs;
	} finally {
		client.release();
	}
}

function nowhere(): Writable {
	return new Writable({ write: (_chunk, _encoding, done) => done() });
}

async function exportOnce(product: RunningProduct, cookie: string): Promise<Omit<Round, 'copyMs'>> {
	let peakMb = 0;
	const sampler = setInterval(async () => {
		peakMb = Math.max(peakMb, await memoryMb(product));
	}, sampleEveryMs);
	try {
		const beganAtMs = performance.now();
		const answer = await fetch(new URL(exportFleet.path, product.url), { headers: { cookie } });
		if (answer.headers.get(rowsHeader) !== String(devices) || answer.body === null)
			throw new Error(`The workbook has ${answer.headers.get(rowsHeader)} rows, not ${devices}.`);
		let bytes = 0;
		for await (const piece of answer.body) bytes += piece.byteLength;
		return { excelMs: performance.now() - beganAtMs, bytes, peakMb };
	} finally {
		clearInterval(sampler);
	}
}

/** What the kernel says of the server's memory; Linux only. */
async function memoryMb({ process: { pid } }: RunningProduct): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}

function report(rounds: readonly Round[], restingMb: number): void {
	const median = (of: (round: Round) => number): number => {
		const sorted = rounds.map(of).sort((one, other) => one - other);
		return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
	};
	const excelMs = Math.round(median((round) => round.excelMs));
	const copyMs = Math.round(median((round) => round.copyMs));
	const ratio = Number(median((round) => round.excelMs / round.copyMs).toFixed(2));
	const serverMb = Math.round(Math.max(...rounds.map((round) => round.peakMb)));
	// The server knows the whole fleet anyway; what counts is what the workbook adds.
	const peakMb = Math.max(0, serverMb - Math.round(restingMb));
	console.log(`${machine}\n${thousands(devices)} rows, ${rounds.length} rounds, medians`);
	console.log(`Excel over HTTP   ${thousands(excelMs)} ms, ${megabytes(rounds[0]?.bytes ?? 0)} MB`);
	console.log(`COPY to CSV       ${thousands(copyMs)} ms`);
	console.log(`ratio             ${ratio} (goal ≤ ${goalRatio})`);
	console.log(
		`memory            ${peakMb} MB more than before (goal < ${goalPeakMb}), ${serverMb} MB in all`,
	);
	if (values.json)
		console.log(JSON.stringify({ ratio, peakMb, serverMb, excelMs, copyMs, rows: devices }));
	process.exitCode = ratio <= goalRatio && peakMb < goalPeakMb ? 0 : 1;
}

function megabytes(bytes: number): string {
	return (bytes / 1_000_000).toFixed(1);
}
