import { constants, crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

/** One file inside the archive; its parts come as they are made. */
export interface ZipEntry {
	readonly name: string;
	readonly parts: Iterable<string> | AsyncIterable<string>;
}

const isDeflated = 8;
/** Sizes follow the data; names are UTF-8. */
const flags = 0x0808;
const version = 20;
/** 1 January 1980, the earliest the format knows: archives of the same content are the same. */
const dosDate = 0x0021;

interface Written {
	readonly name: Buffer;
	readonly offset: number;
	readonly crc: number;
	readonly size: number;
	readonly compressedSize: number;
}

/**
 * Writes a ZIP archive (APPNOTE 6.3) as its entries are made, holding no more than one part of one entry. The compressor
 * is flushed after each part, which leaves a mark (`contract/workbook.ts`).
 */
export async function* writeZip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
	const written: Written[] = [];
	let offset = 0;
	for await (const entry of entries) {
		const name = Buffer.from(entry.name);
		const header = localHeader(name);
		yield header;
		const deflated = new Deflated();
		try {
			for await (const part of entry.parts) yield await deflated.write(part);
			yield await deflated.end();
		} finally {
			deflated.close();
		}
		const { crc, size, compressedSize } = deflated;
		yield dataDescriptor(crc, compressedSize, size);
		written.push({ name, offset, crc, size, compressedSize });
		offset += header.length + compressedSize + 16;
	}
	const directory = Buffer.concat(written.map(centralHeader));
	yield directory;
	yield endOfDirectory(written.length, directory.length, offset);
}

/** Compresses in the thread pool, a part at a time. */
class Deflated {
	readonly #deflate: DeflateRaw = createDeflateRaw({ level: constants.Z_BEST_SPEED });
	#made: Buffer[] = [];
	crc = 0;
	size = 0;
	compressedSize = 0;

	constructor() {
		this.#deflate.on('data', (chunk: Buffer) => this.#made.push(chunk));
	}

	write(text: string): Promise<Buffer> {
		const bytes = Buffer.from(text);
		this.crc = crc32(bytes, this.crc);
		this.size += bytes.length;
		return this.#after((done) => {
			this.#deflate.write(bytes);
			this.#deflate.flush(constants.Z_SYNC_FLUSH, done);
		});
	}

	end(): Promise<Buffer> {
		return this.#after((done) => {
			this.#deflate.once('end', done);
			this.#deflate.end();
		});
	}

	close(): void {
		this.#deflate.destroy();
	}

	async #after(make: (done: () => void) => void): Promise<Buffer> {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		this.#deflate.once('error', reject);
		make(resolve);
		await promise;
		this.#deflate.off('error', reject);
		const made = Buffer.concat(this.#made);
		this.#made = [];
		this.compressedSize += made.length;
		return made;
	}
}

function localHeader(name: Buffer): Buffer {
	const header = Buffer.alloc(30);
	header.writeUInt32LE(0x04034b50, 0);
	header.writeUInt16LE(version, 4);
	header.writeUInt16LE(flags, 6);
	header.writeUInt16LE(isDeflated, 8);
	header.writeUInt16LE(dosDate, 12);
	header.writeUInt16LE(name.length, 26);
	return Buffer.concat([header, name]);
}

function dataDescriptor(crc: number, compressedSize: number, size: number): Buffer {
	const descriptor = Buffer.alloc(16);
	descriptor.writeUInt32LE(0x08074b50, 0);
	descriptor.writeUInt32LE(crc, 4);
	descriptor.writeUInt32LE(compressedSize, 8);
	descriptor.writeUInt32LE(size, 12);
	return descriptor;
}

function centralHeader({ name, offset, crc, size, compressedSize }: Written): Buffer {
	const header = Buffer.alloc(46);
	header.writeUInt32LE(0x02014b50, 0);
	header.writeUInt16LE(version, 4);
	header.writeUInt16LE(version, 6);
	header.writeUInt16LE(flags, 8);
	header.writeUInt16LE(isDeflated, 10);
	header.writeUInt16LE(dosDate, 14);
	header.writeUInt32LE(crc, 16);
	header.writeUInt32LE(compressedSize, 20);
	header.writeUInt32LE(size, 24);
	header.writeUInt16LE(name.length, 28);
	header.writeUInt32LE(offset, 42);
	return Buffer.concat([header, name]);
}

function endOfDirectory(entries: number, size: number, offset: number): Buffer {
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(entries, 8);
	end.writeUInt16LE(entries, 10);
	end.writeUInt32LE(size, 12);
	end.writeUInt32LE(offset, 16);
	return end;
}
