import { expect, it } from 'vitest';
import { Notebook } from './transmission.ts';

it('sends each reading as it is made, and after a gap the newest first, the kept ones together', () => {
	let isCovered = true;
	const notebook = new Notebook(() => isCovered);
	const numbersOf = (atMs: number) =>
		notebook
			.note(atMs, { speed_kmh: atMs })
			.messages.map((readings) => readings.map(({ number }) => number));
	expect(numbersOf(1)).toEqual([[1]]);
	isCovered = false;
	expect(numbersOf(2)).toEqual([]);
	expect(notebook.note(3, {}).isCovered).toBe(false);
	isCovered = true;
	expect(notebook.note(4, { speed_kmh: 4 })).toEqual({
		dueMs: 4,
		isCovered: true,
		messages: [
			[{ number: 4, atMs: 4, measured: { speed_kmh: 4 } }],
			[
				{ number: 2, atMs: 2, measured: { speed_kmh: 2 } },
				{ number: 3, atMs: 3, measured: {} },
			],
		],
	});
	expect(numbersOf(5)).toEqual([[5]]);
});

it('keeps the newest five hundred readings of a long gap, fifty in a message', () => {
	let isCovered = false;
	const notebook = new Notebook(() => isCovered);
	for (let atMs = 1; atMs <= 520; atMs += 1) notebook.note(atMs, {});
	isCovered = true;
	const [newest, ...kept] = notebook.note(521, {}).messages;
	expect(newest?.map(({ number }) => number)).toEqual([521]);
	expect(kept.map((readings) => readings.length)).toEqual(Array.from({ length: 10 }, () => 50));
	expect(kept.flat().map(({ number }) => number)).toEqual(
		Array.from({ length: 500 }, (_, index) => index + 21),
	);
});
