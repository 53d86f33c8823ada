import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latitudeOf, longitudeOf, maxLatitude, mercatorX, mercatorY } from './mercator.ts';
import {
	createChanges,
	createSnapshot,
	headingByte,
	readChanges,
	readSnapshot,
	recordBytes,
	socByte,
	speedByte,
	statusByte,
	unknownByte,
	writeRecord,
} from './position-record.ts';

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const record = fc.record({
	mercatorX: word,
	mercatorY: word,
	status: fc.integer({ min: 0, max: 5 }),
	heading: fc.integer({ min: 0, max: 255 }),
	socPct: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 100, noNaN: true })),
	speedKmh: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 400, noNaN: true })),
});

test('a snapshot reads as it was written', () => {
	fc.assert(
		fc.property(
			fc.array(record, { maxLength: 40 }),
			fc.double({ noNaN: true }),
			(records, atMs) => {
				const written = createSnapshot(records.length, atMs);
				for (const [place, each] of records.entries()) {
					writeRecord(written.words, written.bytes, place * 3, each);
					written.deviceNos[place] = place * 7 + 1;
				}
				const read = readSnapshot(written.words.buffer);
				expect(read.asOfMs).toBe(atMs);
				expect([...read.deviceNos]).toEqual(records.map((_, place) => place * 7 + 1));
				for (const [place, each] of records.entries()) {
					const byte = place * recordBytes;
					expect(read.words[place * 3]).toBe(each.mercatorX);
					expect(read.words[place * 3 + 1]).toBe(each.mercatorY);
					expect(read.bytes[byte + statusByte]).toBe(each.status);
					expect(read.bytes[byte + headingByte]).toBe(each.heading);
					expect(read.bytes[byte + socByte]).toBe(
						Number.isNaN(each.socPct) ? unknownByte : Math.round(each.socPct),
					);
					expect(read.bytes[byte + speedByte]).toBe(
						Number.isNaN(each.speedKmh) ? unknownByte : Math.min(254, Math.round(each.speedKmh)),
					);
				}
			},
		),
	);
});

test('changes read as they were written', () => {
	const written = createChanges(2, 1_700_000_000_123);
	written.words[4] = 4_000_000_000;
	const read = readChanges(written.words.buffer);
	expect(read.asOfMs).toBe(1_700_000_000_123);
	expect(read.words).toEqual(written.words);
});

test('what is cut off or of another version is refused', () => {
	const { buffer } = createSnapshot(3, 0).words;
	expect(() => readSnapshot(buffer.slice(0, -4))).toThrow(/cut off/);
	new Uint32Array(buffer)[0] = 9;
	expect(() => readSnapshot(buffer)).toThrow(/version 9/);
});

test('degrees survive the map’s steps', () => {
	const lat = fc.double({ min: -maxLatitude, max: maxLatitude, noNaN: true });
	const lon = fc.double({ min: -180, max: 180, noNaN: true });
	fc.assert(
		fc.property(lat, lon, (north, east) => {
			expect(latitudeOf(mercatorY(north))).toBeCloseTo(north, 5);
			expect(longitudeOf(mercatorX(east))).toBeCloseTo(east, 5);
		}),
	);
});
