import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageRates } from './message-rates.ts';

test('a device may send ten seconds of its rate at once, then as fast as its rate', () => {
	let nowMs = 0;
	const rates = new MessageRates(2, () => nowMs);
	for (let sent = 0; sent < 20; sent++) expect(rates.admit(1)).toBe(0);
	expect(rates.admit(1)).toBe(500);
	nowMs += 500;
	expect(rates.admit(1)).toBe(0);
	expect(rates.admit(1)).toBe(500);
	expect(rates.admit(2)).toBe(0);
});

test('what came in too fast is owed', () => {
	let nowMs = 0;
	const rates = new MessageRates(10, () => nowMs);
	for (let sent = 0; sent < 100; sent++) expect(rates.count(1)).toBe(0);
	expect(rates.count(1)).toBe(100);
	expect(rates.count(1)).toBe(200);
	nowMs += 200;
	expect(rates.count(1)).toBe(100);
});

test('over any time no more is admitted than the burst and the rate give', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 50 }),
			fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 }),
			(perSecond, pausesMs) => {
				let nowMs = 0;
				let admitted = 0;
				const rates = new MessageRates(perSecond, () => nowMs);
				for (const pauseMs of pausesMs) {
					nowMs += pauseMs;
					if (rates.admit(1) === 0) admitted++;
				}
				expect(admitted).toBeLessThanOrEqual(perSecond * (10 + nowMs / 1_000) + 1);
			},
		),
	);
});
