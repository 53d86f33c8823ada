import { expect, test } from 'vitest';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { PageRequests } from './page-requests.ts';
import { noAnswer } from './product-under-fault.ts';

/** A batch's commit goes to and fro some eight times. */
const delayMs = 100;
const residentLimitBytes = 768 * 1024 ** 2;

test('with a database that takes its time, devices wait, people are answered and nothing is lost', async (context) => {
	const { product, fleet } = await startUnderFault(context, {
		deviceIds: fleetIds(500),
		database: 'on a line',
	});
	await fleet.eachAcknowledged(2);
	product.slowDown(delayMs);
	const cookie = await product.signIn();
	const requests = new PageRequests(product, cookie);
	const beganAtMs = performance.now();
	for (let round = 1; round <= 3; round++) {
		for (const device of fleet.devices) device.sendUnheld(16 * 1024);
		await fleet.eachAcknowledged(1);
	}
	expect(performance.now() - beganAtMs, 'acknowledgements wait for it').toBeGreaterThan(
		4 * delayMs,
	);
	expect(await product.residentBytes()).toBeLessThan(residentLimitBytes);
	await product.healthBecomes(200);
	expect(await product.signIn()).not.toBe(cookie);
	await requests.stop();
	requests.expectInTime();
	product.slowDown(0);
	await fleet.eachAcknowledged(3);
	await fleet.allConnected();
	await fleet.finish();
	expect(product.complaintsBesides(noAnswer)).toEqual([]);
});
