import { describe, expect, test } from 'vitest';
import { ageText } from './age.ts';
import { catalogue } from './catalogue.ts';
import { clockText, instantText } from './instant.ts';
import { numberText } from './number.ts';

describe('instants', () => {
	const atMs = Date.UTC(2026, 10, 8, 8, 37, 59);

	test('read DD-MMM-YYYY hh:mm am/pm in the zone given', () => {
		expect(instantText(atMs, 'Asia/Kolkata')).toBe('08-Nov-2026 02:07 pm');
		expect(instantText(atMs, 'UTC')).toBe('08-Nov-2026 08:37 am');
		expect(instantText(atMs, 'Pacific/Kiritimati')).toBe('08-Nov-2026 10:37 pm');
		expect(instantText(atMs, 'Pacific/Honolulu')).toBe('07-Nov-2026 10:37 pm');
	});

	test('midnight and noon are 12', () => {
		expect(instantText(Date.UTC(2026, 8, 1), 'UTC')).toBe('01-Sep-2026 12:00 am');
		expect(instantText(Date.UTC(2026, 8, 1, 12), 'UTC')).toBe('01-Sep-2026 12:00 pm');
	});

	test('the clock follows daylight saving', () => {
		expect(clockText(Date.UTC(2026, 2, 29, 0, 59), 'Europe/Berlin')).toBe('01:59 am');
		expect(clockText(Date.UTC(2026, 2, 29, 1, 0), 'Europe/Berlin')).toBe('03:00 am');
	});
});

describe('ages', () => {
	test.each([
		[-3_000, '0s ago'],
		[49_999, '49s ago'],
		[60_000, '1m ago'],
		[3_599_999, '59m ago'],
		[3_600_000, '1h ago'],
		[47 * 3_600_000, '47h ago'],
		[48 * 3_600_000, '2d ago'],
	])('%i ms is %s', (ageMs, words) => {
		expect(ageText(ageMs)).toBe(words);
	});
});

describe('numbers', () => {
	test('are grouped as the locale does', () => {
		expect(numberText(100_000, 'en-IN')).toBe('1,00,000');
		expect(numberText(100_000, 'en-GB')).toBe('100,000');
	});

	test('carry at most the decimals asked for', () => {
		expect(numberText(12.68, 'en-GB', 1)).toBe('12.7');
		expect(numberText(13, 'en-GB', 1)).toBe('13');
		expect(numberText(12.68, 'en-GB')).toBe('13');
	});
});

test('a catalogue fills in what the message names', () => {
	const text = catalogue({ plain: 'Fleet', range: '{from}-{to} of {total}' });
	expect(text('plain')).toBe('Fleet');
	expect(text('range', { from: 1, to: 30, total: '8,030' })).toBe('1-30 of 8,030');
});
