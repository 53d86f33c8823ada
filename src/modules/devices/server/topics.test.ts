import { afterEach, beforeEach, expect, test } from 'vitest';
import { blankSnapshot, type Registration } from '#ingest/snapshot.ts';
import { DeviceFeed } from '#live/device-feed.ts';
import { FleetIndex } from '#live/fleet-index.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { customerReader, startLiveHub, type TestHub } from '../../../../tests/harness/live-hub.ts';
import { deviceFactsTopic, deviceStateTopic } from '../contract.ts';
import { type StateWord, stateOf } from './device-state.ts';
import { serveDeviceTopics } from './topics.ts';

const own: Registration = {
	deviceNo: 1,
	family: 'ev',
	vehicleNo: null,
	organizationNo: 1,
	dealerNo: null,
	customerNo: 7,
};
const foreign: Registration = { ...own, deviceNo: 2, organizationNo: 2 };

let db: TestDatabase;
let hub: TestHub;
let index: FleetIndex;
let feed: DeviceFeed<StateWord>;
let facts: DeviceFeed<number>;

beforeEach(async () => {
	db = await createTestDatabase();
	const log = createLog('silent');
	index = new FleetIndex();
	feed = new DeviceFeed();
	facts = new DeviceFeed();
	hub = await startLiveHub(customerReader, (served) =>
		serveDeviceTopics({ hub: served, index, feed, facts, database: db.database, log }),
	);
	for (const registration of [own, foreign]) index.place(registration, 0);
});
afterEach(async () => {
	await hub.close();
	await db.drop();
});

/** A device speaks, and whoever watches it is told. */
function speak(registration: Registration, newestAtMs: number): void {
	feed.put(registration.deviceNo, stateOf({ ...blankSnapshot(registration), newestAtMs }));
	feed.flush();
}

test('a device’s state goes to whom it belongs, as long as it does', async () => {
	const told: string[] = [];
	const line = await hub.open((message) => {
		if (message.type === 'refused') told.push(message.code);
		if (message.type !== 'message') return;
		const state = deviceStateTopic.message.parse(message.message);
		told.push(`${message.subscription}: ${state.deviceNo} at ${state.newestAtMs}`);
	});
	line.subscribe(1, deviceStateTopic.name, { deviceNo: foreign.deviceNo });
	line.subscribe(2, deviceStateTopic.name, { deviceNo: own.deviceNo });
	// Subscriptions are taken in their order: the answer to the last says that all are open.
	line.subscribe(3, 'none', { deviceNo: 0 });
	await expect.poll(() => told).toEqual(['not_found']);

	speak(foreign, 100);
	speak(own, 200);
	await expect.poll(() => told).toEqual(['not_found', '2: 1 at 200']);

	index.place({ ...own, customerNo: 8 }, 0);
	speak(own, 300);
	index.place(own, 0);
	speak(own, 400);
	await expect.poll(() => told).toEqual(['not_found', '2: 1 at 200', '2: 1 at 400']);
	line.close();
});

test('word of a fact goes to whom the device belongs', async () => {
	const told: string[] = [];
	const line = await hub.open((message) => {
		if (message.type === 'refused') told.push(message.code);
		if (message.type !== 'message') return;
		const { newestAtMs } = deviceFactsTopic.message.parse(message.message);
		told.push(`${message.subscription}: ${newestAtMs}`);
	});
	line.subscribe(1, deviceFactsTopic.name, { deviceNo: foreign.deviceNo });
	line.subscribe(2, deviceFactsTopic.name, { deviceNo: own.deviceNo });
	line.subscribe(3, 'none', { deviceNo: 0 });
	await expect.poll(() => told).toEqual(['not_found']);

	facts.put(foreign.deviceNo, 100);
	facts.put(own.deviceNo, 200);
	facts.flush();
	await expect.poll(() => told).toEqual(['not_found', '2: 200']);
	line.close();
});
