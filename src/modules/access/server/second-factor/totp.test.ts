import fc from 'fast-check';
import { Secret, TOTP, URI } from 'otpauth';
import { expect, test } from 'vitest';
import { newRecoveryCodes, readRecoveryCode } from './recovery-codes.ts';
import { appAddress, base32, codeAt, stepOf } from './totp.ts';

const secrets = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const stepMs = 30_000;

/** RFC 6238, appendix B; the last six of its eight digits. */
test.each([
	[59, '287082'],
	[1111111109, '081804'],
	[1111111111, '050471'],
	[1234567890, '005924'],
	[2000000000, '279037'],
	[20000000000, '353130'],
])('the code at second %d is %s', (seconds, code) => {
	const secret = Buffer.from('12345678901234567890');
	expect(codeAt(secret, Math.floor(seconds / 30))).toBe(code);
});

test('codes and secrets are those of another implementation', () => {
	fc.assert(
		fc.property(secrets, fc.integer({ min: stepMs, max: 4_000_000_000_000 }), (secret, nowMs) => {
			const app = new TOTP({ secret: Secret.fromHex(secret.toString('hex')) });
			expect(base32(secret)).toBe(app.secret.base32);
			expect(stepOf(secret, app.generate({ timestamp: nowMs }), nowMs)).not.toBeNull();
		}),
		{ numRuns: 200 },
	);
});

test('an app reads whose account it is and the secret', () => {
	const secret = Buffer.from('12345678901234567890');
	const read = URI.parse(appAddress('Harbour & Söhne: EV', 'asha+1@example.com', secret));
	expect(read).toBeInstanceOf(TOTP);
	expect(read).toMatchObject({ issuer: 'Harbour & Söhne  EV', label: 'asha+1@example.com' });
	expect(read.secret.base32).toBe(base32(secret));
});

test('codes of the step before and after count, no others', () => {
	const secret = Buffer.from('12345678901234567890');
	const nowMs = 1_000 * stepMs + 7;
	const known = [-2, -1, 0, 1, 2].map((away) =>
		stepOf(secret, codeAt(secret, 1_000 + away), nowMs),
	);
	expect(known).toEqual([null, 999, 1_000, 1_001, null]);
	for (const typed of ['', '12345', '1234567', '12345a', ' 23456', '١٢٣٤٥٦'])
		expect(stepOf(secret, typed, nowMs)).toBeNull();
});

test('recovery codes are all different, and read however they are typed', () => {
	const codes = newRecoveryCodes();
	expect(new Set(codes).size).toBe(10);
	for (const code of codes) {
		expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
		const meant = readRecoveryCode(code);
		const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
		expect(readRecoveryCode(typed)).toBe(meant);
	}
});
