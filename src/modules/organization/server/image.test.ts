import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readImage } from './image.ts';

function png(widthPx: number, heightPx: number): Buffer {
	const bytes = Buffer.alloc(40);
	bytes.write('89504e470d0a1a0a0000000d49484452', 'hex');
	bytes.writeUInt32BE(widthPx, 16);
	bytes.writeUInt32BE(heightPx, 20);
	return bytes;
}

/** An application segment, then a progressive frame header. */
function jpeg(widthPx: number, heightPx: number): Buffer {
	const bytes = Buffer.from(`ffd8ffe00004abcdffc2000b08${'0000'.repeat(2)}010111000000`, 'hex');
	bytes.writeUInt16BE(heightPx, 13);
	bytes.writeUInt16BE(widthPx, 15);
	return bytes;
}

function webp(kind: string, write: (bytes: Buffer) => void): Buffer {
	const bytes = Buffer.alloc(40);
	bytes.write(`RIFF\0\0\0\0WEBP${kind}`, 'latin1');
	write(bytes);
	return bytes;
}

const svg = (inside: string, attributes = '') =>
	Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"${attributes}>${inside}</svg>`,
	);

test('tells images by what they hold, with their size', () => {
	expect(readImage(png(64, 32))).toEqual({ mediaType: 'image/png', widthPx: 64, heightPx: 32 });
	expect(readImage(jpeg(300, 20))).toEqual({
		mediaType: 'image/jpeg',
		widthPx: 300,
		heightPx: 20,
	});
	const size = { mediaType: 'image/webp', widthPx: 200, heightPx: 100 };
	const lossy = (bytes: Buffer) => {
		bytes.writeUInt16LE(200, 26);
		bytes.writeUInt16LE(100, 28);
	};
	const lossless = (bytes: Buffer) => bytes.writeUInt32LE(199 | (99 << 14), 21);
	const extended = (bytes: Buffer) => {
		bytes.writeUIntLE(199, 24, 3);
		bytes.writeUIntLE(99, 27, 3);
	};
	expect(readImage(webp('VP8 ', lossy))).toEqual(size);
	expect(readImage(webp('VP8L', lossless))).toEqual(size);
	expect(readImage(webp('VP8X', extended))).toEqual(size);
	const plain = { mediaType: 'image/svg+xml', widthPx: null, heightPx: null };
	expect(readImage(svg('<path d="M0 0h4z" fill="url(#a)"/><use href="#a"/>'))).toEqual(plain);
	const headed = `<?xml version="1.0"?>\n<!-- Made by a drawing program -->\n${svg('')}`;
	expect(readImage(Buffer.from(headed))).toEqual(plain);
});

test('takes an SVG that the product itself shows', async () => {
	const streets = join(import.meta.dirname, '../../../web/ui/streets.svg');
	expect(readImage(await readFile(streets))).toMatchObject({ mediaType: 'image/svg+xml' });
});

test.each([
	['a script', svg('<script>alert(1)</script>')],
	['a script of another prefix', svg('<s:script xmlns:s="http://www.w3.org/2000/svg"/>')],
	['an event', svg('', ' onload="alert(1)"')],
	['markup of another kind', svg('<foreignObject/>')],
	['an image from elsewhere', svg('<image href="https://evil.example/a.png"/>')],
	['an old-fashioned link', svg('<a xlink:href="javascript:alert(1)"/>')],
	['a style from elsewhere', svg('<style>@import "https://evil.example"</style>')],
	['a fill from elsewhere', svg('<path fill="url(https://evil.example/a)"/>')],
	['entities', Buffer.from(`<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`)],
	['an animation', svg('<animate attributeName="href" to="javascript:alert(1)"/>')],
])('refuses an SVG with %s', (_, bytes) => {
	expect(readImage(bytes)).toMatch(/^(The SVG holds|Use a PNG)/);
});

test.each([
	['many comments', Buffer.from(`${'<!---->'.repeat(580)}<p`)],
	['a comment of comments', Buffer.from(`${'<!-- <!-- '.repeat(400)}<p`)],
	['a link after much space', svg(`<a href=${' '.repeat(500_000)}"#b"/>`)],
	['a link that is much space', svg(`<a href=" ${' '.repeat(500_000)}b"/>`)],
	['a fill after much space', svg(`<path fill="url(${' '.repeat(500_000)}b)"/>`)],
	['an event that is none', svg(`<path${' onload'.repeat(80_000)}/>`)],
])('is soon done with a file made to keep it busy: %s', (_, bytes) => {
	const before = process.cpuUsage();
	readImage(bytes);
	const { user, system } = process.cpuUsage(before);
	expect((user + system) / 1_000, 'milliseconds of work').toBeLessThan(5_000);
});

test.each([
	['nothing', Buffer.alloc(0)],
	['a page', Buffer.from('<!doctype html><svg></svg>')],
	['a picture of another kind', Buffer.from('GIF89a\x01\x00\x01\x00')],
	['a beginning alone', png(4, 4).subarray(0, 16)],
])('refuses %s', (_, bytes) => {
	expect(readImage(bytes)).toBe('Use a PNG, JPEG, WebP or SVG image.');
});

test('refuses images without a size, and such as are far too large', () => {
	expect(readImage(png(0, 10))).toBe('The image is empty. Use another one.');
	expect(readImage(png(4097, 10))).toMatch('4097 × 10');
	expect(readImage(jpeg(10, 60_000))).toMatch('10 × 60000');
});

test('whatever bytes come, there is an answer', () => {
	const heads = [png(9, 9), jpeg(9, 9), webp('VP8X', () => {}), svg('')].map((bytes) =>
		bytes.subarray(0, 20),
	);
	fc.assert(
		fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), (head, tail) => {
			const answer = readImage(Buffer.concat([head, tail]));
			expect(typeof answer === 'string' || answer.mediaType.startsWith('image/')).toBe(true);
		}),
	);
});
