import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { verifyPassword as verifyLibraryHash } from 'better-auth/crypto';

/**
 * scrypt with 32 MiB and three rounds, one of the settings that OWASP holds equal (Password Storage Cheat Sheet;
 * ASVS 5.0, Appendix C). Hashes name their settings, so that others can follow without a reset of passwords.
 */
const current = { cost: 2 ** 15, blockSize: 8, parallelization: 3 };
const keyBytes = 64;
const saltBytes = 16;
const maxMemoryBytes = 128 * 1024 * 1024;

/** Hash under which a password is stored: `scrypt$cost$blockSize$parallelization$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
	const salt = randomBytes(saltBytes);
	const key = await derive(password, salt, keyBytes, current);
	const { cost, blockSize, parallelization } = current;
	const parts = [cost, blockSize, parallelization, salt.toString('hex'), key.toString('hex')];
	return ['scrypt', ...parts].join('$');
}

export async function verifyPassword({
	hash,
	password,
}: {
	hash: string;
	password: string;
}): Promise<boolean> {
	const [name, cost, blockSize, parallelization, salt = '', key = ''] = hash.split('$');
	// Accounts made before hashes named their settings.
	if (name !== 'scrypt') return verifyLibraryHash({ hash, password });
	const expected = Buffer.from(key, 'hex');
	const settings = {
		cost: Number(cost),
		blockSize: Number(blockSize),
		parallelization: Number(parallelization),
	};
	const tried = await derive(password, Buffer.from(salt, 'hex'), expected.length, settings);
	return expected.length > 0 && timingSafeEqual(tried, expected);
}

function derive(
	password: string,
	salt: Buffer,
	bytes: number,
	settings: ScryptOptions,
): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		// The same letters may be typed as different code points (NIST SP 800-63B-4, 3.1.1.2).
		const text = password.normalize('NFKC');
		scrypt(text, salt, bytes, { ...settings, maxmem: maxMemoryBytes }, (error, key) => {
			if (error) reject(error);
			else resolve(key);
		});
	});
}
