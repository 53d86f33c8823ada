import { expect, test } from 'vitest';
import { statuses } from '#contract/status.ts';
import { toggled } from './status-choice.ts';

test('the first choice shows one status alone, a second adds to it', () => {
	expect(toggled([], 'charging')).toEqual(['charging']);
	expect(toggled(['charging'], 'moving')).toEqual(['moving', 'charging']);
});

test('choosing again takes away; the last one taken away shows all', () => {
	expect(toggled(['moving', 'charging'], 'moving')).toEqual(['charging']);
	expect(toggled(['charging'], 'charging')).toEqual([]);
});

test('all six are the same as all', () => {
	expect(toggled(statuses.slice(1), 'moving')).toEqual([]);
});
