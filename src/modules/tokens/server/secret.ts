import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token is made of. */
export interface TokenParts {
	/** Names the token; no secret. */
	readonly publicId: string;
	readonly secret: string;
}

/** Says what it is where it turns up, in a log or a repository. */
const prefix = 'ft';
const form = /^ft_([0-9a-f]{16})_([\w-]{43})$/;

/** Makes a token's parts: 256 random bits, which need nothing slower than one SHA-256. */
export function newTokenParts(): TokenParts {
	return {
		publicId: randomBytes(8).toString('hex'),
		secret: randomBytes(32).toString('base64url'),
	};
}

export function writtenToken({ publicId, secret }: TokenParts): string {
	return `${prefix}_${publicId}_${secret}`;
}

/** The parts of a written token, or null for anything else. */
export function readToken(written: string): TokenParts | null {
	const [, publicId, secret] = form.exec(written) ?? [];
	return publicId === undefined || secret === undefined ? null : { publicId, secret };
}

export function hashSecret(secret: string): Buffer {
	return createHash('sha256').update(secret).digest();
}

/** Compared with where there is no token of that name, so that both take the same time. */
const nobody = hashSecret('');

/** Whether a secret is that of a token, in a time that does not depend on either. */
export function isSecret(secret: string, hash: Buffer | null): boolean {
	return timingSafeEqual(hashSecret(secret), hash ?? nobody) && hash !== null;
}
