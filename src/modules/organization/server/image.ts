import { type LogoMediaType, maxLogoPx } from '../contract.ts';

export interface ImageFacts {
	readonly mediaType: LogoMediaType;
	/** Null for an SVG, which has no size of its own. */
	readonly widthPx: number | null;
	readonly heightPx: number | null;
}

/**
 * What an SVG may not hold: what runs, what loads, and what an XML reader could be led astray by. Like every pattern here
 * it can match in one way only: a file that is made to be looked at in many ways would stop the server for everybody.
 */
const activeSvg =
	/<!DOCTYPE|<!ENTITY|<\?xml-stylesheet|<(?:[\w.-]+:)?(?:script|foreignObject|iframe|object|embed|audio|video|handler|listener|set|animate\w*)\b|\son\w+\s*=|(?:href|src)(?=\s*=)(?!\s*=\s*(?:["']\s*)?(?:#|data:image\/(?:png|jpeg|webp)))|url\((?!\s*(?:["']\s*)?#)|@import|javascript:/i;

/** Bytes of an SVG in which its root has to begin: comments of drawing programs come before it. */
const svgHeadBytes = 4096;

/**
 * What an image file is by its content, whatever it is called.
 * @returns a sentence that says why it cannot be a logo, if so
 */
export function readImage(bytes: Buffer): ImageFacts | string {
	const facts = pngFacts(bytes) ?? jpegFacts(bytes) ?? webpFacts(bytes) ?? svgFacts(bytes);
	if (facts === null) return 'Use a PNG, JPEG, WebP or SVG image.';
	if (typeof facts === 'string') return facts;
	const { widthPx, heightPx } = facts;
	if (widthPx === 0 || heightPx === 0) return 'The image is empty. Use another one.';
	if ((widthPx ?? 0) > maxLogoPx || (heightPx ?? 0) > maxLogoPx)
		return `The image is ${widthPx} × ${heightPx} pixels. Use one of at most ${maxLogoPx} × ${maxLogoPx}.`;
	return facts;
}

/** W3C PNG, 5.2 and 11.2.1. */
function pngFacts(bytes: Buffer): ImageFacts | null {
	const signature = '89504e470d0a1a0a';
	if (bytes.toString('hex', 0, 8) !== signature || bytes.toString('latin1', 12, 16) !== 'IHDR')
		return null;
	if (bytes.length < 33) return null;
	return sized('image/png', bytes.readUInt32BE(16), bytes.readUInt32BE(20));
}

/** ITU-T T.81, B.1 and B.2: segments up to the frame header. */
function jpegFacts(bytes: Buffer): ImageFacts | null {
	if (bytes.toString('hex', 0, 3) !== 'ffd8ff') return null;
	let at = 2;
	while (at + 9 < bytes.length) {
		if (bytes[at] !== 0xff) return null;
		const marker = bytes[at + 1] ?? 0;
		if (marker === 0xff) {
			at += 1;
			continue;
		}
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame) return sized('image/jpeg', bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
		at += 2 + bytes.readUInt16BE(at + 2);
	}
	return null;
}

/** RFC 9649, 2. */
function webpFacts(bytes: Buffer): ImageFacts | null {
	if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
		return null;
	if (bytes.length < 30) return null;
	const kind = bytes.toString('latin1', 12, 16);
	if (kind === 'VP8 ')
		return sized('image/webp', bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
	if (kind === 'VP8X')
		return sized('image/webp', bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
	if (kind !== 'VP8L') return null;
	const sides = bytes.readUInt32LE(21);
	return sized('image/webp', (sides & 0x3fff) + 1, ((sides >> 14) & 0x3fff) + 1);
}

function svgFacts(bytes: Buffer): ImageFacts | string | null {
	const head = bytes.toString('utf8', 0, svgHeadBytes);
	if (
		!/^\uFEFF?\s*(?:<\?xml\s[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(
			head,
		)
	)
		return null;
	if (activeSvg.test(bytes.toString('utf8')))
		return 'The SVG holds scripts, animations or links. Save it as plain SVG without them, or use a PNG.';
	return { mediaType: 'image/svg+xml', widthPx: null, heightPx: null };
}

function sized(mediaType: LogoMediaType, widthPx: number, heightPx: number): ImageFacts {
	return { mediaType, widthPx, heightPx };
}
