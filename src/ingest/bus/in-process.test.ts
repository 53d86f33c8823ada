import { expect, test } from 'vitest';
import type { BusEntry, DeviceMessage } from '../message.ts';
import { InProcessBus } from './in-process.ts';
import { maxTakenBytes, maxTakenReadings } from './port.ts';

function message(deviceNo: number, bytes = 10): DeviceMessage {
	return {
		deviceNo,
		topic: '',
		body: Buffer.alloc(bytes),
		receivedAtMs: 1_000,
		isAbandoned: () => false,
		acknowledge: () => {},
	};
}

const numbers = (entries: readonly BusEntry[]) =>
	entries.map((entry) =>
		entry.type === 'message' ? entry.message.deviceNo : `change ${entry.change.deviceNo}`,
	);

test('a partition gives its devices in order of arrival, changes among the messages', async () => {
	const bus = new InProcessBus(2, 1_000_000);
	bus.offer(message(3));
	bus.offer(message(4));
	const changed = bus.change(3);
	bus.offer(message(5));
	expect(numbers(await bus.take(1, 2, 0))).toEqual([3, 'change 3']);
	const rest = await bus.take(1, 2, 0);
	expect(numbers(rest)).toEqual([5]);
	expect(numbers(await bus.take(0, 2, 0))).toEqual([4]);
	bus.close();
	await Promise.race([changed, Promise.resolve()]);
});

test('take waits for the first entry and gathers what comes meanwhile', async () => {
	const bus = new InProcessBus(1, 1_000_000);
	const taken = bus.take(0, 10, 20);
	bus.offer(message(1));
	bus.offer(message(2));
	expect(numbers(await taken)).toEqual([1, 2]);
});

test('a full bus takes nothing more until a lane has taken something', async () => {
	const bus = new InProcessBus(1, 1_000);
	expect(bus.offer(message(1, 900))).toBe(true);
	expect(bus.offer(message(1, 1))).toBe(false);
	expect(bus.depth(1_500)).toEqual({ bytes: 1_300, lagMs: 500 });
	await bus.take(0, 10, 0);
	expect(bus.depth(1_500)).toEqual({ bytes: 0, lagMs: 0 });
	expect(bus.offer(message(1, 1))).toBe(true);
});

test('a closed bus takes nothing, gives what it has, then ends', async () => {
	const bus = new InProcessBus(1, 1_000);
	const waiting = bus.take(0, 10, 0);
	bus.offer(message(1));
	expect(numbers(await waiting)).toEqual([1]);
	bus.offer(message(2));
	bus.close();
	expect(bus.offer(message(3))).toBe(false);
	expect(numbers(await bus.take(0, 10, 0))).toEqual([2]);
	expect(await bus.take(0, 10, 0)).toEqual([]);
});

test('take hands over no more bodies than a batch has room for, but one at least', async () => {
	const bus = new InProcessBus(1, 10 * maxTakenBytes);
	for (const deviceNo of [1, 2, 3]) bus.offer(message(deviceNo, maxTakenBytes / 2));
	bus.offer(message(4, 2 * maxTakenBytes));
	expect(numbers(await bus.take(0, 10, 0))).toEqual([1, 2]);
	expect(numbers(await bus.take(0, 10, 0))).toEqual([3, 4]);
	expect(bus.depth(1_000)).toEqual({ bytes: 0, lagMs: 0 });
});

test('take hands over no more readings than a batch has room for', async () => {
	const bus = new InProcessBus(1, 10 * maxTakenBytes);
	const array = Buffer.from(` [${'{},'.repeat(maxTakenReadings)}{}]`);
	for (const deviceNo of [1, 2, 3]) bus.offer({ ...message(deviceNo), body: array });
	for (const deviceNo of [4, 5]) bus.offer({ ...message(deviceNo), body: Buffer.from('{}') });
	expect(numbers(await bus.take(0, 10, 0))).toEqual([1]);
	expect(numbers(await bus.take(0, 10, 0))).toEqual([2]);
	expect(numbers(await bus.take(0, 10, 0))).toEqual([3]);
	expect(numbers(await bus.take(0, 10, 0))).toEqual([4, 5]);
});
