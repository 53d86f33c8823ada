import { chmod, mkdir, mkdtemp, realpath, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** tmpfs and ramfs (statfs(2)): a flush to them costs nothing and means nothing. */
const memoryFileSystems = new Set([0x01021994, 0x858458f6]);

export interface DiskFolder {
	readonly path: string;
	remove(): Promise<void>;
}

/** A new data folder on a real disk, below the checkout's `.data`. */
export async function createDiskFolder(): Promise<DiskFolder> {
	const parent = join(import.meta.dirname, '../.data');
	await mkdir(parent, { recursive: true });
	if (memoryFileSystems.has((await statfs(parent)).type))
		throw new Error(`${parent} lies in memory; run the benchmark from a checkout on a disk.`);
	const path = await mkdtemp(join(parent, 'bench-'));
	// PostgreSQL runs under an account of its own when root starts it.
	await chmod(path, 0o755);
	return {
		path,
		async remove() {
			// Where that account cannot reach the folder, PostgreSQL's part is a link to where its data are.
			const postgres = await realpath(join(path, 'postgres')).catch(() => null);
			if (postgres !== null) await rm(postgres, { recursive: true, force: true });
			await rm(path, { recursive: true, force: true });
		},
	};
}
