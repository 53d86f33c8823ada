import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import pg from 'pg';
import { expect, type TestContext, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { createTestFolder } from '../harness/folder.ts';
import { databaseUrl } from '../harness/postgres.ts';
import { type FleetUnderFault, fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { installedPrograms, startInstalledPostgres } from './installed-postgres.ts';
import type { ProductUnderFault } from './product-under-fault.ts';

const deviceIds = fleetIds(30);

test('a copy of the data folder, made while the server was stopped, goes on where it was', async (context) => {
	const { product, fleet } = await startUnderFault(context, { deviceIds, database: 'embedded' });
	await fleet.eachAcknowledged(5);
	await pause(fleet);
	await product.endServer('SIGTERM');
	const data = join(product.dataDir, 'postgres');
	await promisify(execFile)('cp', ['-a', data, `${data}.copy`]);
	await rm(data, { recursive: true });
	await rename(`${data}.copy`, data);
	await product.startServer();
	await expectGoesOn(product, fleet);
});

test.runIf(installedPrograms !== null)(
	'a dump of a running installation is restored into a new database (where PostgreSQL is installed)',
	async (context) => {
		const postgres = await startPostgres(context);
		await createDatabase(postgres.url, 'running');
		const { product, fleet } = await startUnderFault(context, {
			deviceIds,
			database: 'given',
			databaseUrl: databaseUrl(postgres.url, 'running'),
		});
		await fleet.eachAcknowledged(5);
		await pause(fleet);
		const dump = join(product.dataDir, 'dump');
		await postgres.dump(product.databaseUrl, dump);
		await product.endServer('SIGTERM');
		await createDatabase(postgres.url, 'restored');
		await postgres.restore(dump, databaseUrl(postgres.url, 'restored'));
		product.useDatabase(databaseUrl(postgres.url, 'restored'));
		await product.startServer();
		await expectGoesOn(product, fleet);
		const jobs = await product.query(`select from pgboss.schedule where name = 'readings-upkeep'`);
		expect(jobs).toHaveLength(1);
	},
);

/** What is acknowledged until a backup is in it. */
function pause(fleet: FleetUnderFault): Promise<unknown> {
	return Promise.all(fleet.devices.map((device) => device.finish()));
}

/** Devices go on with their sequences, a repetition of something from before is none, and people can sign in. */
async function expectGoesOn(product: ProductUnderFault, fleet: FleetUnderFault): Promise<void> {
	await product.signIn();
	const [device] = fleet.devices;
	const reading = device?.sent.at(-1);
	const [stored] = await product.query<{ at: Date }>(
		`select at from readings where sensors ->> 'reading' = $1`,
		[reading],
	);
	await publish(product, device?.deviceId ?? '', {
		boot: 'first',
		seq: device?.sent.length,
		at: stored?.at.toISOString(),
		reading,
	});
	for (const each of fleet.devices) each.report();
	await fleet.eachAcknowledged(5);
	await fleet.finish();
	expect(product.complaints()).toEqual([]);
}

async function publish(
	product: ProductUnderFault,
	deviceId: string,
	reading: object,
): Promise<void> {
	const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
		clientId: 'again',
		username: deviceId,
		password: product.device(deviceId).key,
	});
	await client.publishAsync(telemetryTopic(deviceId), JSON.stringify(reading), { qos: 1 });
	await client.endAsync();
}

async function startPostgres({ onTestFinished }: TestContext) {
	const folder = await createTestFolder();
	onTestFinished(() => folder.remove());
	const postgres = await startInstalledPostgres(join(folder.path, 'installed'));
	onTestFinished(() => postgres.stop());
	return postgres;
}

async function createDatabase(url: string, name: string): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	await client.query(`create database ${name}`);
	await client.end();
}
