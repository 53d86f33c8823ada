import mqtt from 'mqtt';
import { describe, expect, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { until } from '../harness/until.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { noAnswer, ProductUnderFault } from './product-under-fault.ts';

const patienceMs = 60_000;

const receivedOnce = 'device_messages_received_total{qos="1"}';

describe('a reading on its way over three connections at once is stored once', () => {
	test.for([
		['a sequence and a time', { boot: 'first', seq: 1, at: new Date().toISOString() }],
		['a sequence', { boot: 'first', seq: 1 }],
		['a time', { at: new Date().toISOString() }],
	] as const)('with %s', async ([, identity], { onTestFinished }) => {
		const [deviceId = ''] = fleetIds(1);
		const product = await ProductUnderFault.start({ deviceIds: [deviceId], database: 'embedded' });
		onTestFinished(() => product.close());
		const body = JSON.stringify({ ...identity, soc_pct: 50 });
		const publish = async (clientId: string) => {
			const client = await connect(product, deviceId, clientId);
			onTestFinished(() => client.endAsync(true));
			return client.publishAsync(telemetryTopic(deviceId), body, { qos: 1 });
		};

		await using session = await product.openSession();
		await session.client.query('begin; lock table device_state in exclusive mode');
		// The third takes the first one's place, whose connection the broker ends; the second stands beside them.
		const published: Promise<unknown>[] = [];
		for (const clientId of ['own', 'other', 'own']) {
			published.push(publish(clientId).catch(() => 'not acknowledged'));
			await until(
				async () => expect(await product.metric(receivedOnce)).toBe(published.length),
				patienceMs,
			);
			await until(async () => expect(await product.lanesWaiting('Lock')).toBe(1), patienceMs);
		}
		await session.client.query('commit');

		expect(await published[1]).not.toBe('not acknowledged');
		expect(await published[2]).not.toBe('not acknowledged');
		expect(await product.query('select at from readings')).toHaveLength(1);
	});
});

test('500 devices come back at once after the server was killed', async (context) => {
	const { product, fleet } = await startUnderFault(context, {
		deviceIds: fleetIds(500),
		database: 'embedded',
	});
	await fleet.eachAcknowledged(3);
	await product.endServer('SIGKILL');
	await product.startServer();
	await fleet.eachAcknowledged(1);
	await fleet.allConnected();
	await fleet.finish();
	expect(product.complaintsBesides(noAnswer)).toEqual([]);
});

function connect(
	product: ProductUnderFault,
	deviceId: string,
	clientId: string,
): Promise<mqtt.MqttClient> {
	return mqtt.connectAsync(`mqtt://127.0.0.1:${product.mqttPort}`, {
		clientId,
		username: deviceId,
		password: product.device(deviceId).key,
		reconnectPeriod: 0,
	});
}
