import { TOTP, URI } from 'otpauth';
import { expect, test } from 'vitest';
import { newRecoveryCodes, readRecoveryCode } from './recovery-codes.ts';
import { appAddress, base32, stepOf } from './totp.ts';

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
	expect(stepOf(secret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
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
	const app = URI.parse(appAddress('Harbour', 'asha@example.com', secret));
	if (!(app instanceof TOTP)) throw new Error('not a time-based code');
	const known = [-2, -1, 0, 1, 2].map((away) =>
		stepOf(secret, app.generate({ timestamp: nowMs + away * stepMs }), nowMs),
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
