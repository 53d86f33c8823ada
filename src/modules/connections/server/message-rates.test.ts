import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateSpanMinutes, rateSpans } from '../contract.ts';
import { MessageRates } from './message-rates.ts';

const spanMs = rateSpanMinutes * 60_000;

test('the series of a device is what a plain list of its messages says', () => {
	const step = fc.record({
		deviceNo: fc.nat({ max: 3 }),
		afterMs: fc.oneof(fc.nat({ max: 60_000 }), fc.nat({ max: 2 * rateSpans * spanMs })),
		sweeps: fc.boolean(),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const rates = new MessageRates();
			const all: { deviceNo: number; span: number }[] = [];
			let nowMs = 1_000_000 * spanMs;
			for (const { deviceNo, afterMs, sweeps } of steps) {
				nowMs += afterMs;
				rates.count(deviceNo, nowMs);
				all.push({ deviceNo, span: Math.floor(nowMs / spanMs) });
				if (sweeps) rates.sweep(nowMs);
				for (const each of [0, 1, 2, 3]) {
					const expected = Array.from({ length: rateSpans }, (_, place) => {
						const span = Math.floor(nowMs / spanMs) - rateSpans + 1 + place;
						return all.filter((said) => said.deviceNo === each && said.span === span).length;
					});
					expect(rates.series(each, nowMs)).toEqual(expected);
				}
			}
		}),
	);
});

test('devices that have been silent for an hour take no memory', () => {
	const rates = new MessageRates();
	const startMs = 1_000_000 * spanMs;
	for (let deviceNo = 0; deviceNo < 5_000; deviceNo++) rates.count(deviceNo, startMs);
	const laterMs = startMs + rateSpans * spanMs;
	rates.count(7, laterMs);
	rates.sweep(laterMs);
	expect(rates.pages).toBe(1);
	rates.count(4_999, laterMs);
	for (const deviceNo of [7, 4_999])
		expect(rates.series(deviceNo, laterMs)).toEqual([
			...new Array<number>(rateSpans - 1).fill(0),
			1,
		]);
	expect(rates.series(4_998, laterMs)).toEqual(new Array<number>(rateSpans).fill(0));
});
