import { Secret, TOTP } from 'otpauth';

/** What authenticator apps expect where nothing else is said: SHA-1, six digits, thirty seconds (RFC 6238). */
const settings = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Codes of the step before and after count, too: clocks differ and people type slowly (RFC 6238, 5.2). */
const drift = 1;

export function isCode(typed: string): boolean {
	return /^\d{6}$/.test(typed);
}

/** The time step whose code was typed, or null. */
export function stepOf(secret: Buffer, typed: string, nowMs: number): number | null {
	if (!isCode(typed)) return null;
	const app = new TOTP({ ...settings, secret: secretOf(secret) });
	const away = app.validate({ token: typed, timestamp: nowMs, window: drift });
	return away === null ? null : app.counter({ timestamp: nowMs }) + away;
}

/** A secret as people type it into an app (RFC 4648 base32, no padding). */
export function base32(secret: Buffer): string {
	return secretOf(secret).base32;
}

/** What the QR code says to an authenticator app (`otpauth://totp/…`, the Key URI Format). */
export function appAddress(issuer: string, account: string, secret: Buffer): string {
	// A colon parts the two.
	const names = { issuer: issuer.replaceAll(':', ' '), label: account };
	return new TOTP({ ...settings, ...names, secret: secretOf(secret) }).toString();
}

function secretOf(secret: Buffer): Secret {
	return new Secret({ buffer: Uint8Array.from(secret).buffer });
}
