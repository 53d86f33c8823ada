import { expect, type TestContext, test } from 'vitest';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { PageRequests } from './page-requests.ts';
import { noAnswer } from './product-under-fault.ts';
import type { Identity } from './reporting-device.ts';

const fleetSize = 200;
const identities: readonly Identity[] = ['sequence', 'time', 'nothing'];

/** Every tenth device lacks a sequence, a time or both. */
function identityOf(index: number): Identity {
	return (index % 10 === 0 && identities[(index / 10) % identities.length]) || 'sequence and time';
}

const restarted = 'PostgreSQL is not running; starting it again';

const start = (context: TestContext) =>
	startUnderFault(context, { deviceIds: fleetIds(fleetSize), database: 'embedded' }, (index) => ({
		identity: identityOf(index),
	}));

test('the server is killed under load, five times', async (context) => {
	const { product, fleet } = await start(context);
	for (let kill = 1; kill <= 5; kill++) {
		await fleet.eachAcknowledged(5);
		expect(await product.endServer('SIGKILL')).toBe(137);
		await product.startServer();
	}
	await fleet.eachAcknowledged(5);
	await fleet.finish();
	expect(product.complaintsBesides(noAnswer)).toEqual([]);
});

test('PostgreSQL is killed under load, three times whole and three times one of its sessions', async (context) => {
	const { product, fleet } = await start(context);
	const requests = new PageRequests(product, await product.signIn());
	for (let kill = 1; kill <= 3; kill++) {
		await fleet.eachAcknowledged(5);
		process.kill(await product.postmasterPid(), 'SIGKILL');
		await fleet.eachAcknowledged(5);
		process.kill(await product.laneBackendPid(), 'SIGKILL');
	}
	await fleet.eachAcknowledged(5);
	await product.healthBecomes(200);
	await requests.stop();
	requests.expectInTime();
	await fleet.finish();
	expect(product.complaints()).toContain(restarted);
	expect(product.complaintsBesides(restarted, noAnswer)).toEqual([]);
});

test('server and PostgreSQL are killed at once, under load, three times', async (context) => {
	const { product, fleet } = await start(context);
	for (let kill = 1; kill <= 3; kill++) {
		await fleet.eachAcknowledged(5);
		process.kill(await product.postmasterPid(), 'SIGKILL');
		await product.endServer('SIGKILL');
		await product.startServer();
	}
	await fleet.eachAcknowledged(5);
	await fleet.finish();
	expect(product.complaintsBesides(restarted, noAnswer)).toEqual([]);
});
