import { crc32, deflateSync, gzipSync } from 'node:zlib';

/** Tile types of the PMTiles specification. */
const types = { vector: 1, raster: 2 } as const;
const headerBytes = 127;
const gzip = 2;
const uncompressed = 1;

/** A PMTiles archive (version 3) with one tile, which is the whole world. */
export function pmtilesArchive(
	kind: keyof typeof types,
	tile: Uint8Array,
	metadata: object,
): Buffer {
	// One entry: tile 0, for a run of one, so long, at the first byte.
	const directory = gzipSync(Buffer.from([1, 0, 1, ...varint(tile.length), 1]));
	const facts = gzipSync(JSON.stringify(metadata));
	const header = Buffer.alloc(headerBytes);
	header.write('PMTiles', 0, 'latin1');
	header.writeUInt8(3, 7);
	const parts = [directory, facts, Buffer.alloc(0), tile];
	let offset = headerBytes;
	parts.forEach((part, place) => {
		header.writeBigUInt64LE(BigInt(offset), 8 + place * 16);
		header.writeBigUInt64LE(BigInt(part.length), 16 + place * 16);
		offset += part.length;
	});
	for (const at of [72, 80, 88]) header.writeBigUInt64LE(1n, at);
	header.set([1, gzip, uncompressed, types[kind], 0, 0], 96);
	header.writeInt32LE(-1_800_000_000, 102);
	header.writeInt32LE(-850_000_000, 106);
	header.writeInt32LE(1_800_000_000, 110);
	header.writeInt32LE(850_000_000, 114);
	return Buffer.concat([header, ...parts]);
}

/** A PNG of one pixel. */
export function pixelPng([red, green, blue]: readonly [number, number, number]): Buffer {
	const size = Buffer.alloc(13);
	size.writeUInt32BE(1, 0);
	size.writeUInt32BE(1, 4);
	size.set([8, 2], 8);
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		pngChunk('IHDR', size),
		pngChunk('IDAT', deflateSync(Buffer.from([0, red, green, blue]))),
		pngChunk('IEND', Buffer.alloc(0)),
	]);
}

function pngChunk(name: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(data.length, 0);
	frame.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A vector tile (MVT 2) in which one layer covers everything. */
export function coveringTile(layer: string): Buffer {
	const [moveTo, lineToThrice, closePath] = [9, 26, 15];
	const geometry = [moveTo, 0, 0, lineToThrice, 8_192, 0, 0, 8_192, 8_191, 0, closePath];
	const polygon = 3;
	const feature = [...field(3, polygon), ...bytesField(4, geometry.flatMap(varint))];
	return Buffer.from(
		bytesField(3, [
			...bytesField(1, [...Buffer.from(layer)]),
			...bytesField(2, feature),
			...field(5, 4_096),
			...field(15, 2),
		]),
	);
}

function field(number: number, value: number): number[] {
	return [...varint(number << 3), ...varint(value)];
}

function bytesField(number: number, bytes: readonly number[]): number[] {
	return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
	return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
