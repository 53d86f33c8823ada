import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flushMark } from '#contract/workbook.ts';
import { FlushMarks } from './flush-marks.ts';

test('marks are found however the stream is cut', () => {
	const byte = fc.constantFrom(0x00, 0xff, 0x01);
	fc.assert(
		fc.property(fc.array(fc.array(byte, { maxLength: 12 })), (pieces) => {
			const marks = new FlushMarks();
			for (const piece of pieces) marks.take(Uint8Array.from(piece));
			const whole = pieces
				.flat()
				.map((each) => String.fromCharCode(each))
				.join('');
			expect(marks.count).toBe(whole.split(String.fromCharCode(...flushMark)).length - 1);
		}),
	);
});
