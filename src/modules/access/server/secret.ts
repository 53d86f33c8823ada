import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secret that signs session cookies: made once for an installation and kept in its data folder, readable by its
 * owner alone. Without the file everybody has to sign in again.
 */
export async function readAuthSecret(dataDir: string): Promise<string> {
	const path = join(dataDir, 'auth-secret');
	await mkdir(dataDir, { recursive: true });
	try {
		await writeFile(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
	}
	const secret = (await readFile(path, 'utf8')).trim();
	if (secret.length < 32)
		throw new Error(
			`The file ${path} does not hold a secret. Delete it; everybody then has to sign in again.`,
		);
	return secret;
}
