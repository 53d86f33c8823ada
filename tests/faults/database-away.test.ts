import { describe, expect, test, vi } from 'vitest';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { LivePage } from './live-page.ts';
import { PageRequests } from './page-requests.ts';
import type { ProductUnderFault } from './product-under-fault.ts';

const deviceIds = fleetIds(50);
const keepAliveSeconds = 10;
const awayMs = 30_000;
/** Return code of CONNACK (MQTT 3.1.1, table 3.1). */
const serverUnavailable = 3;

type Step = (product: ProductUnderFault) => Promise<void>;
const outages: readonly (readonly [string, 'embedded' | 'given', Step, Step])[] = [
	['gone', 'given', (product) => product.stopPostgres(), (product) => product.restartPostgres()],
	['hangs', 'embedded', (product) => product.freezePostgres(), (product) => product.thawPostgres()],
];

describe.concurrent('the database', () => {
	test.for(outages)('%s for 30 s', async ([, database, begin, end], context) => {
		const { product, fleet } = await startUnderFault(context, { deviceIds, database }, () => ({
			keepAliveSeconds,
		}));
		const cookie = await product.signIn();
		const page = await LivePage.open(product, cookie);
		const requests = new PageRequests(product, cookie);
		await fleet.eachAcknowledged(5);
		expect(page.database).toBe('up');

		await begin(product);
		const beganAtMs = performance.now();
		await product.healthBecomes(503);
		const acknowledgedBefore = fleet.acknowledged;
		await vi.waitFor(() => expect(page.database).toBe('down'), { timeout: 20_000 });
		const broken = fleet.devices.filter((_, index) => index % 2 === 0);
		for (const device of broken) device.breakConnection();
		await vi.waitFor(
			() => expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(awayMs),
			awayMs * 2,
		);
		expect(fleet.acknowledged).toBe(acknowledgedBefore);
		expect(await product.health()).toBe(503);
		for (const device of broken) expect(device.refusals).toContain(serverUnavailable);

		await end(product);
		await product.healthBecomes(200);
		await fleet.eachAcknowledged(5);
		await vi.waitFor(() => expect(page.database).toBe('up'), { timeout: 20_000 });
		expect(page.closedWith).toBeNull();
		page.close();
		await requests.stop();
		requests.expectInTime();
		expect(fleet.devices.filter((device) => !device.isConnected)).toEqual([]);
		expect(await product.metric('mqtt_connections')).toBe(fleet.devices.length);
		await fleet.finish();
		expect(product.complaints()).toEqual(['the database does not answer']);
	});

	test('loses its connections to the lanes without a word', async (context) => {
		const { product, fleet } = await startUnderFault(context, { deviceIds, database: 'on a line' });
		await fleet.eachAcknowledged(5);
		product.loseConnections();
		await fleet.eachAcknowledged(5, 60_000);
		await fleet.finish();
	});
});
