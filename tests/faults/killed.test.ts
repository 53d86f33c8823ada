import { afterEach, expect, onTestFinished, test } from 'vitest';
import { FleetUnderFault, fleetIds } from './fleet-under-fault.ts';
import { PageRequests } from './page-requests.ts';
import { ProductUnderFault } from './product-under-fault.ts';
import type { Identity } from './reporting-device.ts';

const fleetSize = 200;
const identities: readonly Identity[] = ['sequence', 'time', 'nothing'];

/** Every tenth device lacks a sequence, a time or both. */
function identityOf(index: number): Identity {
	return (index % 10 === 0 && identities[(index / 10) % identities.length]) || 'sequence and time';
}

let product: ProductUnderFault;
afterEach(() => product.close());

async function start(): Promise<FleetUnderFault> {
	const deviceIds = fleetIds('A', fleetSize);
	product = await ProductUnderFault.start({ deviceIds, database: 'embedded' });
	const fleet = new FleetUnderFault(product, deviceIds, (index) => ({
		identity: identityOf(index),
	}));
	onTestFinished(() => fleet.end());
	return fleet;
}

test('the server is killed under load, five times, then stopped', async () => {
	const fleet = await start();
	for (let kill = 1; kill <= 5; kill++) {
		await fleet.eachAcknowledged(5);
		expect(await product.endServer('SIGKILL')).toBe(137);
		await product.startServer();
	}
	await fleet.eachAcknowledged(5);
	await fleet.finish();
	expect(product.complaints()).toEqual([]);
});

test('PostgreSQL is killed under load, three times whole and three times one of its sessions', async () => {
	const fleet = await start();
	const requests = new PageRequests(product, await product.signIn());
	for (let kill = 1; kill <= 3; kill++) {
		await fleet.eachAcknowledged(5);
		process.kill(await product.postmasterPid(), 'SIGKILL');
		await fleet.eachAcknowledged(5);
		process.kill(await product.laneBackendPid(), 'SIGKILL');
	}
	await fleet.eachAcknowledged(5);
	await requests.stop();
	await fleet.finish();
	await product.healthBecomes(200);
	expect(requests.failures).toEqual([]);
	expect(statuses(requests)).toEqual([200, 503]);
	expect(product.complaints()).toEqual(['PostgreSQL is not running; starting it again']);
});

test('server and PostgreSQL are killed at once', async () => {
	const fleet = await start();
	for (let kill = 1; kill <= 2; kill++) {
		await fleet.eachAcknowledged(5);
		process.kill(await product.postmasterPid(), 'SIGKILL');
		await product.endServer('SIGKILL');
		await product.startServer();
	}
	await fleet.eachAcknowledged(5);
	await fleet.finish();
	expect(product.complaints()).toEqual([]);
});

function statuses(requests: PageRequests): number[] {
	return [...new Set(requests.answers.map((answer) => answer.status))].sort();
}
