/**
 * `npm run bench:devices`: whether a message costs the same however many devices are registered. At each size the
 * durable rate of the whole product is compared with the bare database work at that size, in the same run. As many of
 * them report at each size, spread evenly over all: what differs is only how many there are.
 */
import { parseArgs } from 'node:util';
import { createPool } from '#platform/database/connect.ts';
import { startProduct } from '../tests/harness/product.ts';
import { withPostgres } from './bench-postgres.ts';
import { registerFleet } from './devices-fleet.ts';
import { BareCopy } from './ingest-copy.ts';
import { createDiskFolder } from './ingest-disk.ts';
import { warmUpSeconds } from './ingest-full-load.ts';
import { residentBytes } from './ingest-processes.ts';
import { machine, thousands } from './ingest-report.ts';
import { readStored } from './ingest-stored.ts';
import { connectionLimit, Generator } from './load/generator.ts';
import { firstSequenceOf } from './load/payload.ts';

const { values } = parseArgs({
	options: {
		sizes: { type: 'string', default: '20000,100000,1000000' },
		reporting: { type: 'string', default: '20000' },
		seconds: { type: 'string', default: '20' },
		json: { type: 'boolean', default: false },
	},
});
const sizes = values.sizes.split(',').map(Number);
const reporting = Math.min(Number(values.reporting), connectionLimit());
const seconds = Number(values.seconds);
/** Rows that the bare COPY writes at each measurement: some seconds' work. */
const copyRows = 300_000;
/** Below this, the cost of a message grows with the fleet. */
const goal = 0.8;

interface SizeFigures {
	readonly devices: number;
	readonly perSecond: number;
	readonly copyPerSecond: number;
	readonly copyRatio: number;
	/** Memory of the server with all devices registered, then with those that report connected, then after the run. */
	readonly startedBytes: number;
	readonly connectedBytes: number;
	readonly serverBytes: number;
	/** What the tables of devices and their states take on disk. */
	readonly diskBytes: number;
	readonly missing: number;
	readonly repeated: number;
}

const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

say(machine);
say(
	`${thousands(reporting)} devices report as fast as they are answered, ${seconds} s at each size`,
);
const figures: SizeFigures[] = [];
for (const size of sizes) {
	const measured = await measure(size);
	figures.push(measured);
	say(
		`  ${thousands(size).padStart(9)} devices  ${thousands(measured.perSecond).padStart(7)} messages/s ÷ ${thousands(measured.copyPerSecond)} bare = ${measured.copyRatio.toFixed(3)}, server ${[measured.startedBytes, measured.connectedBytes, measured.serverBytes].map((bytes) => thousands(bytes / 1e6)).join(' → ')} MB, ${thousands(measured.diskBytes / size)} bytes a device on disk, ${measured.missing} missing, ${measured.repeated} twice`,
	);
}
const ratio = (figures.at(-1)?.copyRatio ?? 0) / (figures[0]?.copyRatio ?? 1);
say(
	`at ${thousands(sizes.at(-1) ?? 0)} devices ÷ at ${thousands(sizes[0] ?? 0)}   ${ratio.toFixed(3)} (goal ≥ ${goal})`,
);
if (values.json)
	say(JSON.stringify({ ratio: Number(ratio.toFixed(3)), goal, sizes: figures, machine }));
process.exitCode = figures.every(({ missing, repeated }) => missing + repeated === 0) ? 0 : 1;

async function measure(size: number): Promise<SizeFigures> {
	const folder = await createDiskFolder();
	try {
		const devices = await withPostgres(folder.path, async (url) =>
			spread(await registerFleet(url, size), reporting),
		);
		const product = await startProduct({
			dataDir: folder.path,
			environment: { LOG_LEVEL: 'warn' },
		});
		try {
			const pid = product.process.pid ?? 0;
			const startedBytes = await residentBytes(pid);
			const generator = await Generator.start({
				port: product.mqttPort,
				devices,
				connections: devices.length,
				boot: 'boot1',
				firstSequence: firstSequenceOf(1),
				window: 4,
			});
			const connectedBytes = await residentBytes(pid);
			const load = await generator.run(null, warmUpSeconds, seconds);
			const serverBytes = await residentBytes(pid);
			await generator.close();
			await product.end('SIGTERM');
			const byDeviceNo = new Map(
				devices.flatMap(({ deviceNo }, place) => {
					const acknowledged = load.acknowledgedByDevice[place] ?? 0;
					return acknowledged === 0 ? [] : [[deviceNo, acknowledged] as const];
				}),
			);
			return await withPostgres(folder.path, async (url) => {
				const pool = createPool(url, 'bench', 2);
				const stored = await readStored(pool, [{ run: 1, byDeviceNo }]);
				const { rows } = await pool.query<{ bytes: number }>(
					`select sum(pg_total_relation_size(name::regclass))::float8 as bytes
					from unnest('{device,device_assignment,device_state}'::text[]) name`,
				);
				await pool.end();
				const bare = await BareCopy.create(url, copyRows);
				const copyPerSecond = Math.max(await bare.measure(1), await bare.measure(4));
				await bare.close();
				return {
					devices: size,
					perSecond: load.perSecond,
					copyPerSecond,
					copyRatio: load.perSecond / copyPerSecond,
					startedBytes,
					connectedBytes,
					serverBytes,
					diskBytes: rows[0]?.bytes ?? 0,
					missing: stored.missing,
					repeated: stored.repeated,
				};
			});
		} finally {
			await product.end('SIGTERM');
		}
	} finally {
		await folder.remove();
	}
}

/** So many of the items, evenly spaced. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
	const taken = Math.min(count, items.length);
	return Array.from({ length: taken }, (_, place) =>
		items.at(Math.floor((place * items.length) / taken)),
	).filter((item) => item !== undefined);
}
