import { hash } from 'node:crypto';

/** The 64 bits that, with device and time, make a reading itself, as two signed 32-bit halves. */
export interface Ident {
	readonly high: number;
	readonly low: number;
}

/** Hash of a text (a boot's name, or the body of a reading without a sequence): the first 64 bits of SHA-256. */
export function hashOfText(text: string): Ident {
	const digest = hash('sha256', text, 'buffer');
	return { high: digest.readInt32BE(0), low: digest.readInt32BE(4) };
}

/** Mixes a sequence into the hash of its boot (finalizer of MurmurHash3, public domain, over each half). */
export function identHigh(bootHashHigh: number, sequence: number): number {
	return mix32(bootHashHigh ^ mix32(sequence | 0) ^ Math.floor(sequence / 2 ** 32));
}

export function identLow(bootHashLow: number, sequence: number): number {
	return mix32((bootHashLow + Math.imul(sequence | 0, 0x9e3779b1)) | 0);
}

function mix32(value: number): number {
	let mixed = value ^ (value >>> 16);
	mixed = Math.imul(mixed, 0x85ebca6b);
	mixed ^= mixed >>> 13;
	mixed = Math.imul(mixed, 0xc2b2ae35);
	return mixed ^ (mixed >>> 16);
}
