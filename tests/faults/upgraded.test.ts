import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { telemetryTopic } from '#contract/device-topics.ts';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import { showDevice, showDeviceHealth } from '#modules/devices/contract.ts';
import { listFleet } from '#modules/fleet/contract.ts';
import { fleetIds } from './fleet-under-fault.ts';
import { createOldInstallation, oldReadings } from './old-installation.ts';
import { ProductUnderFault } from './product-under-fault.ts';

test('a database of the first version, with data in it, is taken over with all that it holds', async ({
	onTestFinished,
}) => {
	const deviceIds = fleetIds(30);
	const [first = ''] = deviceIds;
	const product = await ProductUnderFault.start({
		deviceIds,
		database: 'embedded',
		install: createOldInstallation,
	});
	onTestFinished(() => product.close());
	const cookie = await product.signIn();
	const page = await read(product, cookie, listFleet, listFleet.path);
	expect(page.total).toBe(deviceIds.length);
	expect(page.rows[0]).toMatchObject({
		odometerKm: 999,
		socPct: 50,
		model: 'Old Model',
		customerName: 'Old Customer',
		dealerName: 'Old Dealer',
	});
	const path = showDevice.path.replace(':deviceId', first);
	const { device } = await read(product, cookie, showDevice, path);
	expect(device).toMatchObject({ deviceId: first, vin: `VIN-${first}` });

	const health = await read(product, cookie, showDeviceHealth, `${path}/health`);
	expect(health.readingsLastHour).toBe(oldReadings);

	await publishBoth(product, first);
	const stored = await product.query(
		`select d.device_id, count(distinct r.at)::int as readings, count(distinct fact_no)::int as facts,
			count(distinct parked_no)::int as parked
		from device d join readings r using (device_no) join fact using (device_no) join parked_message using (device_no)
		group by 1`,
	);
	expect(stored).toHaveLength(deviceIds.length);
	for (const device of stored)
		expect(device, String(device.device_id)).toMatchObject({
			readings: device.device_id === first ? oldReadings + 1 : oldReadings,
			facts: 1,
			parked: 1,
		});
	expect(product.complaints()).toEqual([]);
});

/** The device repeats its last reading, and goes on in the boot that the old version knew. */
async function publishBoth(product: ProductUnderFault, deviceId: string): Promise<void> {
	const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
		username: deviceId,
		password: product.device(deviceId).key,
	});
	for (const seq of [oldReadings, oldReadings + 1])
		await client.publishAsync(
			telemetryTopic(deviceId),
			JSON.stringify({ boot: 'old', seq, soc_pct: 49 }),
			{ qos: 1 },
		);
	await client.endAsync();
}

async function read<Endpoint extends AnyEndpoint>(
	product: ProductUnderFault,
	cookie: string,
	endpoint: Endpoint,
	path: string,
): Promise<z.output<Endpoint['reply']>> {
	const answer = await fetch(new URL(path, product.url), { headers: { cookie } });
	expect(answer.status).toBe(200);
	return endpoint.reply.parse(await answer.json());
}
