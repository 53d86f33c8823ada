import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashSecret, isSecret, newTokenParts, readToken, writtenToken } from './secret.ts';

test('a token is read as it was written, and two are never the same', () => {
	const written = Array.from({ length: 200 }, () => {
		const parts = newTokenParts();
		expect(readToken(writtenToken(parts))).toEqual(parts);
		return writtenToken(parts);
	});
	expect(new Set(written).size).toBe(200);
	for (const token of written) expect(token).toMatch(/^ft_[0-9a-f]{16}_[\w-]{43}$/);
});

test('nothing else is a token', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 200 }), (text) => {
			expect(readToken(text)).toBeNull();
			expect(readToken(`${writtenToken(newTokenParts())}${text}x`)).toBeNull();
		}),
	);
});

test('only its own secret opens a token, and none where there is no token', () => {
	const { secret } = newTokenParts();
	expect(isSecret(secret, hashSecret(secret))).toBe(true);
	expect(isSecret(newTokenParts().secret, hashSecret(secret))).toBe(false);
	expect(isSecret('', null)).toBe(false);
	expect(isSecret(secret, null)).toBe(false);
});
