import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settingValues } from '../contract.ts';
import { heldSettings, timeKey } from './held-settings.ts';

const name = 'low_battery_start_v';
const reported = (value: unknown, atMs: number) => ({ [name]: value, [timeKey(name)]: atMs });
const written = (value: unknown, atMs: number) => [{ name, value, atMs }];

test.each([
	['nothing is known', {}, [], undefined],
	['it reported', reported(12, 5), [], { value: 12, source: 'reported', atMs: 5 }],
	['it was written', {}, written(12, 5), { value: 12, source: 'written', atMs: 5 }],
	['written after it reported', reported(12, 5), written(13, 6), { value: 13, source: 'written' }],
	['reported after it was written', reported(12, 7), written(13, 6), { value: 12, atMs: 7 }],
	['both at once', reported(12, 6), written(13, 6), { value: 12, source: 'reported' }],
	['it reported nonsense', reported('high', 7), written(13, 6), { value: 13 }],
	['it reported what none may have', reported(900, 7), [], undefined],
])('%s', (_, memory, writes, expected) => {
	const found = heldSettings('x_pro', memory, writes)[name];
	if (expected === undefined) expect(found).toBeUndefined();
	else expect(found).toMatchObject(expected);
});

test('a family has its own settings only', () => {
	expect(heldSettings('ev', reported(12, 5), written(12, 5))).toEqual({});
	expect(settingValues(heldSettings('ultra', reported(48.5, 5), []))).toEqual({ [name]: 48.5 });
});

test('the newest word counts, whichever it is', () => {
	fc.assert(
		fc.property(fc.nat(), fc.nat(), (reportedMs, writtenMs) => {
			const held = heldSettings('x_pro', reported(12, reportedMs), written(13, writtenMs))[name];
			expect(held?.atMs).toBe(Math.max(reportedMs, writtenMs));
		}),
	);
});
