import fc from 'fast-check';

/** Whole bytes with something flipped, cut off, doubled, left out or put in. */
export function damaged(whole: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
	const wound = fc.record({
		how: fc.constantFrom('flip', 'cut', 'insert', 'remove', 'repeat'),
		/** Of the length. */
		where: fc.double({ min: 0, max: 1, noNaN: true }),
		byte: fc.oneof(fc.constantFrom(0, 0x7f, 0x80, 0xff, 0x0d, 0x0a), fc.nat(255)),
	});
	return fc
		.tuple(whole, fc.array(wound, { minLength: 1, maxLength: 3 }))
		.map(([bytes, wounds]) => wounds.reduce(wounded, bytes));
}

function wounded(
	bytes: Buffer,
	{ how, where, byte }: { how: string; where: number; byte: number },
): Buffer {
	const place = Math.min(Math.floor(where * bytes.length), Math.max(0, bytes.length - 1));
	const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
	switch (how) {
		case 'flip':
			return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
		case 'cut':
			return before;
		case 'insert':
			return Buffer.concat([before, Buffer.from([byte]), after]);
		case 'remove':
			return Buffer.concat([before, after.subarray(1)]);
		default:
			return Buffer.concat([bytes, after]);
	}
}

/** Bytes in the pieces in which they go out. */
export function inPieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
	const places = [...new Set(cuts.map((cut) => Math.floor(cut * bytes.length)))].sort(
		(one, other) => one - other,
	);
	const edges = [0, ...places, bytes.length];
	return edges
		.slice(1)
		.map((end, place) => bytes.subarray(edges[place], end))
		.filter((piece) => piece.length > 0);
}

/** Where bytes are cut, as parts of their length. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
	maxLength: 4,
});
