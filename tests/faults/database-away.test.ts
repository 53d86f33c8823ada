import mqtt from 'mqtt';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { FleetUnderFault, fleetIds } from './fleet-under-fault.ts';
import { LivePage } from './live-page.ts';
import { PageRequests } from './page-requests.ts';
import { ProductUnderFault } from './product-under-fault.ts';

const deviceIds = fleetIds('A', 50);
const keepAliveSeconds = 10;
const awayMs = 30_000;
/** A page never waits longer for an answer, not even for that the database is away. */
const longestAnswerMs = 10_000;
const serverUnavailable = 3;

let product: ProductUnderFault;
afterEach(() => product.close());

const outages = [
	{
		what: 'is gone',
		database: 'given',
		begin: () => product.stopPostgres(),
		end: () => product.restartPostgres(),
	},
	{
		what: 'hangs',
		database: 'embedded',
		begin: () => product.freezePostgres(),
		end: () => product.thawPostgres(),
	},
] as const;

test.each(outages)('the database $what for 30 s', async ({ database, begin, end }) => {
	product = await ProductUnderFault.start({ deviceIds, database });
	const fleet = new FleetUnderFault(product, deviceIds, () => ({ keepAliveSeconds }));
	onTestFinished(() => fleet.end());
	const cookie = await product.signIn();
	const page = await LivePage.open(product, cookie);
	const requests = new PageRequests(product, cookie);
	await fleet.eachAcknowledged(5);
	expect(page.database).toBe('up');

	await begin();
	const beganAtMs = performance.now();
	await product.healthBecomes(503, 10_000);
	const acknowledgedBefore = fleet.acknowledged;
	await vi.waitFor(() => expect(page.database).toBe('down'), { timeout: 10_000 });
	expect(await connectCode(product)).toBe(serverUnavailable);
	const broken = fleet.devices.filter((_, index) => index % 2 === 0);
	for (const device of broken) device.breakConnection();
	await vi.waitFor(
		() => expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(awayMs),
		awayMs + 1_000,
	);
	expect(fleet.acknowledged).toBe(acknowledgedBefore);
	expect(await product.health()).toBe(503);
	for (const device of broken) expect(device.refusals).toContain(serverUnavailable);

	await end();
	await product.healthBecomes(200, 15_000);
	await fleet.eachAcknowledged(5, 15_000);
	await vi.waitFor(() => expect(page.database).toBe('up'), { timeout: 10_000 });
	expect(page.closedWith).toBeNull();
	page.close();
	await requests.stop();
	expect(requests.failures).toEqual([]);
	for (const answer of requests.answers) {
		expect([200, 503]).toContain(answer.status);
		if (answer.status === 503) expect(answer.contentType).toContain('application/problem+json');
		expect(answer.tookMs).toBeLessThan(longestAnswerMs);
	}
	expect(fleet.devices.filter((device) => !device.isConnected)).toEqual([]);
	expect(await product.metric('mqtt_connections')).toBe(fleet.devices.length);
	await fleet.finish();
	expect(product.complaints()).toEqual(['the database does not answer']);
});

/** What a device's CONNECT is answered with. */
async function connectCode(product: ProductUnderFault): Promise<number> {
	const { deviceId, key } = product.device(deviceIds[0] ?? '');
	const client = mqtt.connect(`mqtt://127.0.0.1:${product.mqttPort}`, {
		username: deviceId,
		password: key,
		reconnectPeriod: 0,
	});
	try {
		return await new Promise((resolve) => {
			client.on('connect', ({ returnCode }) => resolve(returnCode ?? 0));
			client.on('error', (error) => resolve('code' in error ? Number(error.code) : -1));
		});
	} finally {
		await client.endAsync(true);
	}
}
