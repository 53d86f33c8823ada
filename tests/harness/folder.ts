import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestFolder {
	readonly path: string;
	remove(): Promise<void>;
}

/**
 * A new, empty folder for data of a test. Everybody may enter it, so that a PostgreSQL which root starts under its own
 * account keeps its data in it.
 */
export async function createTestFolder(): Promise<TestFolder> {
	const path = await realpath(await mkdtemp(join(tmpdir(), 'qd-test-')));
	await chmod(path, 0o755);
	// What ends just now may write its last.
	return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10 }) };
}
