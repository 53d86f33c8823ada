import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compared, fieldWords } from './compared.ts';

test('what changed is marked, and what is new or gone beside nothing', () => {
	expect(
		compared({ name: 'Old', simNo: null, gone: 1 }, { name: 'New', simNo: null, made: [2] }),
	).toEqual([
		{ path: 'name', before: 'Old', after: 'New', isChanged: true },
		{ path: 'simNo', before: null, after: null, isChanged: false },
		{ path: 'gone', before: 1, after: undefined, isChanged: true },
		{ path: 'made', before: undefined, after: [2], isChanged: true },
	]);
});

test('what was made or is gone as a whole is shown, with nothing to compare it with', () => {
	const made = { path: 'selection.reason', before: undefined, after: 'failed', isChanged: false };
	expect(compared(null, { selection: { reason: 'failed' } })).toEqual([made]);
	expect(compared({ messages: 3 }, null)).toMatchObject([{ before: 3, isChanged: false }]);
	expect(compared(null, null)).toEqual([]);
});

const flat = fc.dictionary(
	fc.string({ minLength: 1 }).filter((name) => !name.includes('.') && name !== '__proto__'),
	fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
);

test('nothing changes from something to itself, and whatever differs is marked', () => {
	fc.assert(
		fc.property(flat, flat, (before, after) => {
			expect(compared(before, before).some(({ isChanged }) => isChanged)).toBe(false);
			const names = new Set([...Object.keys(before), ...Object.keys(after)]);
			const changed = [...names].filter(
				(name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
			);
			const marked = compared(before, after).filter(({ isChanged }) => isChanged);
			expect(marked.map(({ path }) => path).sort()).toEqual(changed.sort());
		}),
	);
});

test('fields read as words', () => {
	expect(fieldWords('reportingIntervalSeconds')).toBe('Reporting interval seconds');
	expect(fieldWords('selection.parkedNos')).toBe('Selection, parked nos');
});
