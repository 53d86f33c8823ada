import { describe, expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { LivePage } from './live-page.ts';
import { PageRequests } from './page-requests.ts';
import { noAnswer, type ProductUnderFault } from './product-under-fault.ts';

const deviceIds = fleetIds(50);
const keepAliveSeconds = 10;
const awayMs = 30_000;
const patienceMs = 60_000;
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
		await until(() => expect(page.database).toBe('up'), patienceMs);

		await begin(product);
		const beganAtMs = performance.now();
		await product.healthBecomes(503);
		await until(() => expect(page.database).toBe('down'), patienceMs);
		// By the second answer everything is here that the server sent before the first.
		await product.health();
		const acknowledgedBefore = fleet.acknowledged;
		const broken = fleet.devices.filter((_, index) => index % 2 === 0);
		for (const device of broken) device.breakConnection();
		await until(() => {
			expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(awayMs);
			for (const device of broken) expect(device.refusals).toContain(serverUnavailable);
		}, patienceMs);
		expect(fleet.acknowledged).toBe(acknowledgedBefore);
		expect(await product.health()).toBe(503);

		await end(product);
		await product.healthBecomes(200);
		await fleet.eachAcknowledged(5);
		await until(() => expect(page.database).toBe('up'), patienceMs);
		expect(page.closedWith).toBeNull();
		page.close();
		await requests.stop();
		requests.expectInTime();
		await fleet.allConnected();
		await fleet.finish();
		expect([...new Set(product.complaints())]).toEqual([noAnswer]);
	});

	test('loses its connections to the lanes without a word', async (context) => {
		const { product, fleet } = await startUnderFault(context, { deviceIds, database: 'on a line' });
		await fleet.eachAcknowledged(5);
		product.loseConnections();
		await fleet.eachAcknowledged(5, 60_000);
		await fleet.finish();
	});
});
