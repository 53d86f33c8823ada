import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOfZonedInput, zonedDay, zonedInputText } from './zoned-input.ts';

const zones = ['UTC', 'Asia/Kolkata', 'Africa/Casablanca', 'America/St_Johns', 'Europe/Berlin'];

test('an instant is written as the wall clock shows it', () => {
	const atMs = Date.UTC(2026, 10, 20, 18, 31);
	expect(zonedInputText(atMs, 'Asia/Kolkata')).toBe('2026-11-21T00:01');
	expect(zonedDay(atMs, 'Asia/Kolkata')).toBe('2026-11-21');
	expect(zonedDay(atMs, 'UTC')).toBe('2026-11-20');
});

test('what is written is read as an instant of the same wall clock', () => {
	const minutes = fc.integer({
		min: Date.UTC(2020, 0, 1) / 60_000,
		max: Date.UTC(2035, 0, 1) / 60_000,
	});
	fc.assert(
		fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
			const written = zonedInputText(minute * 60_000, zone);
			const read = instantOfZonedInput(written, zone);
			expect(zonedInputText(read ?? 0, zone)).toBe(written);
		}),
		{ numRuns: 300 },
	);
});

test('outside the hour of a change it is the same instant', () => {
	const atMs = Date.UTC(2026, 10, 20, 18, 31);
	for (const zone of zones)
		expect(instantOfZonedInput(zonedInputText(atMs, zone), zone)).toBe(atMs);
	expect(instantOfZonedInput('', 'UTC')).toBeNull();
});
