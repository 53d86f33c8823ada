import { execFile } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const blockBytes = 4096;

/** A file system of limited size on a folder. Linux mounts one for root only. */
export class SmallFileSystem {
	static readonly isPossible = process.platform === 'linux' && process.getuid?.() === 0;
	readonly #folder: string;
	readonly #ballast: string;

	private constructor(folder: string) {
		this.#folder = folder;
		this.#ballast = join(folder, 'ballast');
	}

	static async mount(folder: string, sizeBytes: number): Promise<SmallFileSystem> {
		await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=755`, 'quarterdeck', folder]);
		return new SmallFileSystem(folder);
	}

	/** Takes all the room that is left. */
	async fill(): Promise<void> {
		const file = await open(this.#ballast, 'a');
		try {
			for (let size = 1024 * 1024; size >= blockBytes; size /= 4) await fillBy(file, size);
		} finally {
			await file.close();
		}
	}

	/** Gives the room back. */
	async makeRoom(): Promise<void> {
		await rm(this.#ballast, { force: true });
	}

	async unmount(): Promise<void> {
		await run('umount', ['-l', this.#folder]);
	}
}

async function fillBy(file: Awaited<ReturnType<typeof open>>, size: number): Promise<void> {
	try {
		for (;;) if ((await file.write(Buffer.alloc(size))).bytesWritten < size) return;
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
	}
}
