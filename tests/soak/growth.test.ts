import { expect, test } from 'vitest';
import { growthOf, type Holdings } from './growth.ts';

const megabyte = 1024 ** 2;

function lifeOf(valueAt: (note: number) => Partial<Holdings>): Holdings[] {
	return Array.from({ length: 30 }, (_, note) => ({
		residentBytes: 200 * megabyte,
		openDescriptors: 300,
		...valueAt(note),
	}));
}

test('what rises for a whole life has grown', () => {
	const memory = lifeOf((note) => ({ residentBytes: (200 + note * 20) * megabyte }));
	expect(growthOf(memory)).toEqual([expect.stringMatching(/^memory grew by 200 MB/)]);
	const descriptors = lifeOf((note) => ({ openDescriptors: 300 + note * 10 }));
	expect(growthOf(descriptors)).toEqual([expect.stringMatching(/^open descriptors grew by 100/)]);
});

test('what fills at first, or rises once and falls again, has not', () => {
	expect(
		growthOf(lifeOf((note) => ({ residentBytes: Math.min(note, 8) * 100 * megabyte }))),
	).toEqual([]);
	expect(growthOf(lifeOf((note) => ({ openDescriptors: note === 25 ? 5_000 : 300 })))).toEqual([]);
});
