import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface SetupToken {
	readonly text: string;
	/** Compares in a time that does not tell how much was right. */
	matches(tried: string): boolean;
}

/** The secret of the one-time setup link: 256 random bits, new with each start. */
export function createSetupToken(): SetupToken {
	const text = randomBytes(32).toString('base64url');
	const expected = hashOf(text);
	return { text, matches: (tried) => timingSafeEqual(hashOf(tried), expected) };
}

function hashOf(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
