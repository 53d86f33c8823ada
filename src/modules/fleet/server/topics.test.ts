import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceFeed } from '#live/device-feed.ts';
import { FleetIndex, type IndexedDevice } from '#live/fleet-index.ts';
import { createLog } from '#platform/log.ts';
import { customerReader, startLiveHub, type TestHub } from '../../../../tests/harness/live-hub.ts';
import { fleetCountsTopic, fleetRowsTopic } from '../contract.ts';
import { type DeviceWord, serveFleetTopics } from './topics.ts';

const own: IndexedDevice = {
	deviceNo: 1,
	family: 'ev',
	vehicleNo: null,
	organizationNo: 1,
	dealerNo: null,
	customerNo: 7,
};

let hub: TestHub;
let index: FleetIndex;
let feed: DeviceFeed<DeviceWord>;
let fleet: { flush(): void };

beforeEach(async () => {
	const log = createLog('silent');
	index = new FleetIndex();
	feed = new DeviceFeed();
	hub = await startLiveHub(customerReader, (served) => {
		fleet = serveFleetTopics({ hub: served, index, feed, log, readDevices: async () => [] });
	});
	index.place(own, 0);
});
afterEach(() => hub.close());

test('who has a device hears that it went and came, and not where it was in between', async () => {
	const told: string[] = [];
	const line = await hub.open((message) => {
		if (message.type !== 'message') return;
		if (message.subscription === 2) {
			const { counts } = fleetCountsTopic.message.parse(message.message);
			told.push(`${Object.values(counts).reduce((sum, count) => sum + count, 0)} devices`);
		} else told.push(`moved ${fleetRowsTopic.message.parse(message.message).moved}`);
	});
	line.subscribe(1, fleetRowsTopic.name, { deviceNos: [own.deviceNo] });
	line.subscribe(2, fleetCountsTopic.name, {});
	await expect
		.poll(() => {
			fleet.flush();
			return told;
		})
		.toEqual(['1 devices']);

	function give(customerNo: number | null): void {
		if (customerNo === null) index.remove(own.deviceNo);
		else index.place({ ...own, customerNo }, 0);
		feed.touch(own.deviceNo);
		fleet.flush();
	}
	for (const customerNo of [8, 9, null, 9, 7]) give(customerNo);
	const heard = ['1 devices', 'moved 1', '0 devices', '1 devices', 'moved 1'];
	await expect.poll(() => told).toEqual(heard);
	line.close();
});
