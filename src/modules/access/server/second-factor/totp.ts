import { createHmac, timingSafeEqual } from 'node:crypto';

/** What authenticator apps expect where nothing else is said: SHA-1, six digits, thirty seconds (RFC 6238). */
const digits = 6;
const stepMs = 30_000;
/** Codes of the step before and after count, too: clocks differ and people type slowly (RFC 6238, 5.2). */
const drift = 1;
const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of a time step (RFC 4226, 5.3). */
export function codeAt(secret: Buffer, step: number): string {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(step));
	const hash = createHmac('sha1', secret).update(counter).digest();
	const offset = hash.readUInt8(hash.length - 1) & 0x0f;
	const number = hash.readUInt32BE(offset) & 0x7fff_ffff;
	return String(number % 10 ** digits).padStart(digits, '0');
}

export function isCode(typed: string): boolean {
	return /^\d{6}$/.test(typed);
}

/** The time step whose code was typed, or null. */
export function stepOf(secret: Buffer, typed: string, nowMs: number): number | null {
	if (!isCode(typed)) return null;
	const current = Math.floor(nowMs / stepMs);
	for (let step = current - drift; step <= current + drift; step += 1)
		if (timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(typed))) return step;
	return null;
}

/** A secret as people type it into an app (RFC 4648 base32, no padding). */
export function base32(secret: Buffer): string {
	let text = '';
	let bits = 0;
	let held = 0;
	for (const byte of secret) {
		held = (held << 8) | byte;
		bits += 8;
		for (; bits >= 5; bits -= 5) text += base32Letters[(held >> (bits - 5)) & 31];
		held &= (1 << bits) - 1;
	}
	return bits > 0 ? text + base32Letters[(held << (5 - bits)) & 31] : text;
}

/** What the QR code says to an authenticator app (`otpauth://totp/…`, the Key URI Format). */
export function appAddress(issuer: string, account: string, secret: Buffer): string {
	// A colon parts the two.
	const by = encodeURIComponent(issuer.replaceAll(':', ' '));
	return `otpauth://totp/${by}:${encodeURIComponent(account)}?secret=${base32(secret)}&issuer=${by}`;
}
