/**
 * How the fleet travels to the map and lies in its memory: 12 bytes a device, little-endian.
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | Web Mercator x, 0..1 scaled to 2^32 |
 * | 4–7 | Web Mercator y; both 0 without a position |
 * | 8 | status by its place in `statuses`; {@link goneStatus} for a device that left |
 * | 9 | heading in 256ths of a turn, clockwise from north |
 * | 10 | state of charge, %; {@link unknownByte} if it never said |
 * | 11 | speed, km/h, at most 254; {@link unknownByte} if it never said |
 */
export const recordBytes = 12;
/** Place of the bytes within a record. */
export const statusByte = 8;
export const headingByte = 9;
export const socByte = 10;
export const speedByte = 11;

export const goneStatus = 255;
export const unknownByte = 255;

const version = 1;
const headerBytes = 16;
/** A device's number, then its record. */
export const changeBytes = 4 + recordBytes;
const changesHeaderBytes = 8;

/**
 * A whole fleet: `u32` version, `u32` count, `f64` server time in epoch milliseconds, the records, then the devices'
 * numbers (`u32` each, ascending). The records hold what was known at that time or later.
 */
export interface FleetSnapshot {
	readonly asOfMs: number;
	/** Three words a record. */
	readonly words: Uint32Array<ArrayBuffer>;
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly deviceNos: Uint32Array<ArrayBuffer>;
}

/** Room for so many devices. */
export function createSnapshot(count: number, asOfMs: number): FleetSnapshot {
	const buffer = new ArrayBuffer(headerBytes + count * (recordBytes + 4));
	new Uint32Array(buffer, 0, 2).set([version, count]);
	new Float64Array(buffer, 8, 1)[0] = asOfMs;
	return viewsOf(buffer, count, asOfMs);
}

/** @throws RangeError when the bytes are no snapshot of this version */
export function readSnapshot(buffer: ArrayBuffer): FleetSnapshot {
	const [found, count = 0] = new Uint32Array(buffer, 0, 2);
	if (found !== version) throw new RangeError(`A fleet snapshot of version ${found} is unknown.`);
	if (buffer.byteLength !== headerBytes + count * (recordBytes + 4))
		throw new RangeError('The fleet snapshot is cut off.');
	return viewsOf(buffer, count, new Float64Array(buffer, 8, 1)[0] ?? 0);
}

function viewsOf(buffer: ArrayBuffer, count: number, asOfMs: number): FleetSnapshot {
	return {
		asOfMs,
		words: new Uint32Array(buffer, headerBytes, count * 3),
		bytes: new Uint8Array(buffer, headerBytes, count * recordBytes),
		deviceNos: new Uint32Array(buffer, headerBytes + count * recordBytes, count),
	};
}

/** What changed: `f64` server time, then a number and a record for each device. */
export interface FleetChanges {
	readonly asOfMs: number;
	/** Four words a change: the number, then the record's three. */
	readonly words: Uint32Array<ArrayBuffer>;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Room for so many changes. */
export function createChanges(count: number, asOfMs: number): FleetChanges {
	const buffer = new ArrayBuffer(changesHeaderBytes + count * changeBytes);
	new Float64Array(buffer, 0, 1)[0] = asOfMs;
	return changesIn(buffer, asOfMs);
}

/** @param buffer holds one message from its first byte */
export function readChanges(buffer: ArrayBuffer): FleetChanges {
	return changesIn(buffer, new Float64Array(buffer, 0, 1)[0] ?? 0);
}

function changesIn(buffer: ArrayBuffer, asOfMs: number): FleetChanges {
	return {
		asOfMs,
		words: new Uint32Array(buffer, changesHeaderBytes),
		bytes: new Uint8Array(buffer, changesHeaderBytes),
	};
}

/** A record's values as numbers. */
export interface PositionRecord {
	readonly mercatorX: number;
	readonly mercatorY: number;
	/** Place in `statuses`. */
	readonly status: number;
	readonly heading: number;
	/** NaN: unknown. */
	readonly socPct: number;
	/** NaN: unknown. */
	readonly speedKmh: number;
}

/**
 * Writes one record.
 * @param words and `bytes` lie over the same memory
 * @param word place of the record's first word
 */
export function writeRecord(
	words: Uint32Array,
	bytes: Uint8Array,
	word: number,
	record: PositionRecord,
): void {
	const byte = word * 4;
	words[word] = record.mercatorX;
	words[word + 1] = record.mercatorY;
	bytes[byte + statusByte] = record.status;
	bytes[byte + headingByte] = record.heading;
	bytes[byte + socByte] = wholeByte(record.socPct, 100);
	bytes[byte + speedByte] = wholeByte(record.speedKmh, 254);
}

function wholeByte(value: number, most: number): number {
	return Number.isNaN(value) ? unknownByte : Math.max(0, Math.min(most, Math.round(value)));
}
