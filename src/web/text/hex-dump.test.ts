import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hexDump } from './hex-dump.ts';

test('a dump tells offset, bytes and what is printable', () => {
	expect(hexDump(Uint8Array.from([0x7b, 0x22, 0x00, 0xff, ...new Array(14).fill(0x61)]))).toBe(
		[
			'000000  7b 22 00 ff 61 61 61 61 61 61 61 61 61 61 61 61  {"..aaaaaaaaaaaa',
			'000010  61 61                                            aa',
		].join('\n'),
	);
});

test('the bytes can be read back from a dump', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
			const read = hexDump(bytes)
				.split('\n')
				.flatMap((line) => line.slice(8, 8 + 47).match(/[0-9a-f]{2}/g) ?? []);
			expect(read.map((hex) => Number.parseInt(hex, 16))).toEqual([...bytes]);
		}),
	);
});
