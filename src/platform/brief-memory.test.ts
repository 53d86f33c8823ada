import { expect, test } from 'vitest';
import { createBriefMemory } from './brief-memory.ts';

function memoryAt(nowMs: { value: number }, maxKept = 10) {
	return createBriefMemory<number>({ clock: () => nowMs.value, keptMs: 1000, maxKept });
}

/** Answers 1, 2, 3 …: how often it was asked. */
function counting() {
	let asked = 0;
	return () => Promise.resolve(++asked);
}

test('asks once for a while, and anew when it is over or the clock was stepped back', async () => {
	const nowMs = { value: 5000 };
	const memory = memoryAt(nowMs);
	const ask = counting();
	expect(await Promise.all([memory.recall('a', ask), memory.recall('a', ask)])).toEqual([1, 1]);
	nowMs.value = 5999;
	expect(await memory.recall('a', ask)).toBe(1);
	nowMs.value = 6000;
	expect(await memory.recall('a', ask)).toBe(2);
	nowMs.value = 4000;
	expect(await memory.recall('a', ask)).toBe(3);
});

test('forgets what it is told to, and everything when it is full', async () => {
	const memory = memoryAt({ value: 0 }, 2);
	const ask = counting();
	await memory.recall('ab', ask);
	await memory.recall('b', ask);
	memory.forget('a');
	expect(await memory.recall('b', ask)).toBe(2);
	expect(await memory.recall('ab', ask)).toBe(3);
	await memory.recall('c', ask);
	expect(await memory.recall('b', ask)).toBe(5);
	memory.forgetAll();
	expect(await memory.recall('b', ask)).toBe(6);
});

test('does not keep a failure, nor lets an old one take a newer answer away', async () => {
	const memory = memoryAt({ value: 0 });
	let fail: (error: Error) => void = () => {};
	const failing = memory.recall('a', () => new Promise((_, reject) => (fail = reject)));
	memory.forgetAll();
	const ask = counting();
	expect(await memory.recall('a', ask)).toBe(1);
	fail(new Error('gone'));
	await expect(failing).rejects.toThrow('gone');
	expect(await memory.recall('a', ask)).toBe(1);
	await expect(memory.recall('b', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
	expect(await memory.recall('b', ask)).toBe(2);
});
