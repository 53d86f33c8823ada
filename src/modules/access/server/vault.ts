import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** What a sealed text is for; each purpose has a key of its own. */
export type SealPurpose =
	| 'second-factor-secret'
	| 'second-step'
	| 'provider-secret'
	| 'provider-sign-in';

/** Keeps what the database or a browser holds for us unreadable to both. */
export interface Vault {
	/** @param owner to whom it belongs; it opens for the same owner only */
	seal(purpose: SealPurpose, owner: string, text: string): Buffer;
	/** @returns null for what was not sealed here, for this purpose and owner */
	open(purpose: SealPurpose, owner: string, sealed: Buffer): string | null;
	/** Keyed hash of a recovery code: without the data folder its codes cannot be tried against it. */
	hashOf(owner: string, code: string): Buffer;
}

/** Derives its keys (HKDF, RFC 5869) from the installation's secret: AES-256-GCM with random nonces. */
export function createVault(secret: string): Vault {
	const keys = new Map<string, Buffer>();
	const keyFor = (purpose: string): Buffer => {
		const known = keys.get(purpose);
		if (known !== undefined) return known;
		const key = Buffer.from(hkdfSync('sha256', secret, '', `portal ${purpose}`, 32));
		keys.set(purpose, key);
		return key;
	};
	return {
		seal(purpose, owner, text) {
			const nonce = randomBytes(nonceBytes);
			const cipher = createCipheriv(algorithm, keyFor(purpose), nonce).setAAD(Buffer.from(owner));
			const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
			return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
		},
		open(purpose, owner, sealed) {
			if (sealed.length < nonceBytes + tagBytes) return null;
			const nonce = sealed.subarray(0, nonceBytes);
			const decipher = createDecipheriv(algorithm, keyFor(purpose), nonce)
				.setAAD(Buffer.from(owner))
				.setAuthTag(sealed.subarray(-tagBytes));
			const text = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
			try {
				return Buffer.concat([text, decipher.final()]).toString('utf8');
			} catch {
				return null;
			}
		},
		hashOf: (owner, code) =>
			createHmac('sha256', keyFor('recovery-code')).update(`${owner}\n${code}`).digest(),
	};
}
