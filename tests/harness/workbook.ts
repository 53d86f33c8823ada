import assert from 'node:assert/strict';
import { crc32, inflateRawSync } from 'node:zlib';

/** Reads an archive by its directory, as programs that open it do. */
export function unzip(archive: Buffer): Map<string, string> {
	const end = archive.length - 22;
	assert.equal(archive.readUInt32LE(end), 0x06054b50);
	const files = new Map<string, string>();
	let at = archive.readUInt32LE(end + 16);
	for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
		assert.equal(archive.readUInt32LE(at), 0x02014b50);
		const nameLength = archive.readUInt16LE(at + 28);
		const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
		const local = archive.readUInt32LE(at + 42);
		assert.equal(archive.readUInt32LE(local), 0x04034b50);
		const from = local + 30 + archive.readUInt16LE(local + 26);
		const data = inflateRawSync(archive.subarray(from, from + archive.readUInt32LE(at + 20)));
		assert.equal(crc32(data), archive.readUInt32LE(at + 16));
		assert.equal(data.length, archive.readUInt32LE(at + 24));
		files.set(name, data.toString('utf8'));
		at += 46 + nameLength;
	}
	return files;
}

/** The cells of a sheet's XML, by reference. */
export function cellsOf(sheet: string): Map<string, { attributes: string; value: string }> {
	const cells = new Map<string, { attributes: string; value: string }>();
	for (const [, reference = '', attributes = '', value = ''] of sheet.matchAll(
		/<c r="([A-Z]+\d+)"([^>]*)>(?:<v>|<is><t[^>]*>)([\s\S]*?)(?:<\/v>|<\/t><\/is>)<\/c>/g,
	))
		cells.set(reference, {
			attributes: attributes.trim(),
			value: value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
		});
	return cells;
}
