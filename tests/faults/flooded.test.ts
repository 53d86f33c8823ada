import mqtt from 'mqtt';
import { expect, test, vi } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { heldMax } from '#ingest/edge/mqtt-connection.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { ProductUnderFault } from './product-under-fault.ts';

/** 256 MB of messages may wait for the database; what they take besides their bytes is up to three times that. */
const residentLimitBytes = 1024 ** 3;

test('devices that wait for no acknowledgement do not fill the memory while the database hangs', async (context) => {
	const { product, fleet } = await startUnderFault(context, {
		deviceIds: fleetIds(500),
		database: 'embedded',
	});
	await fleet.eachAcknowledged(1);
	await product.freezePostgres();
	await vi.waitFor(
		async () => {
			for (const device of fleet.devices) device.sendUnheld(16 * 1024);
			const dropped = await product.metric('device_messages_dropped_total{reason="bus_full"}');
			expect(dropped).toBeGreaterThan(fleet.devices.length);
		},
		{ timeout: 60_000, interval: 20 },
	);
	expect(await product.residentBytes()).toBeLessThan(residentLimitBytes);
	await product.thawPostgres();
	await fleet.eachAcknowledged(5);
	await product.healthBecomes(200);
});

test('a device that sends on before its acknowledgements come is read no further', async (context) => {
	const deviceIds = fleetIds(2);
	const product = await ProductUnderFault.start({ deviceIds, database: 'embedded' });
	const clients = await Promise.all(
		deviceIds.map((deviceId) =>
			mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
				username: deviceId,
				password: product.device(deviceId).key,
			}),
		),
	);
	context.onTestFinished(async () => {
		await Promise.all(clients.map((client) => client.endAsync(true)));
		await product.close();
	});
	const published: Promise<unknown>[] = [];
	const publish = (place: number) => {
		const body = JSON.stringify({ boot: 'first', seq: published.length, soc_pct: 50 });
		const topic = telemetryTopic(deviceIds[place] ?? '');
		published.push(clients[place]?.publishAsync(topic, body, { qos: 1 }) ?? Promise.reject());
	};
	const received = (count: number) =>
		vi.waitFor(
			async () =>
				expect(await product.metric('device_messages_received_total{qos="1"}')).toBe(count),
			{ timeout: 30_000, interval: 5 },
		);

	await using session = await product.openSession();
	await session.client.query('begin; lock table device_state in exclusive mode');
	// One by one, since what comes in one read is taken together.
	for (let count = 1; count <= heldMax; count++) {
		publish(0);
		await received(count);
	}
	for (let count = 1; count <= 50; count++) publish(0);
	publish(1);
	await received(heldMax + 1);
	await session.client.query('commit');

	await Promise.all(published);
	const [stored] = await product.query<{ count: number }>('select count(*) from readings');
	expect(stored?.count).toBe(published.length);
});
