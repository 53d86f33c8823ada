import { expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

it('hands out the oldest messages first and no more than the window', () => {
	const outbox = new Outbox(10);
	for (const message of ['a', 'b', 'c']) expect(outbox.put(message)).toBe(false);
	const taken = outbox.take(2);
	expect(taken.map((entry) => entry.message)).toEqual(['a', 'b']);
	expect(outbox.take(2)).toEqual([]);
	outbox.acknowledge(taken[1]?.number ?? -1);
	expect(outbox.take(2).map((entry) => entry.message)).toEqual(['c']);
	expect(outbox.size).toBe(2);
});

it('hands out everything unacknowledged again after the connection is lost', () => {
	const outbox = new Outbox(10);
	for (const message of ['a', 'b', 'c']) outbox.put(message);
	const [first] = outbox.take(2);
	outbox.acknowledge(first?.number ?? -1);
	outbox.rewind();
	expect(outbox.take(5).map((entry) => entry.message)).toEqual(['b', 'c']);
});

it('gives up the oldest message only when it is full, and says so', () => {
	const outbox = new Outbox(2);
	outbox.put('a');
	outbox.put('b');
	outbox.take(1);
	expect(outbox.put('c')).toBe(true);
	outbox.rewind();
	expect(outbox.take(5).map((entry) => entry.message)).toEqual(['b', 'c']);
});
