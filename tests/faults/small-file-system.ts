import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const blockBytes = 4096;
/** Place of `CAP_SYS_ADMIN` among the capabilities of a process (capability.h of Linux). */
const capSysAdmin = 21n;

/** A file system of limited size on a folder. Linux mounts one for root only, and in many containers for nobody. */
export class SmallFileSystem {
	static readonly isPossible =
		process.platform === 'linux' && process.getuid?.() === 0 && mayMount();
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

function mayMount(): boolean {
	const status = readFileSync('/proc/self/status', 'utf8');
	const capabilities = /^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
	return ((BigInt(`0x${capabilities}`) >> capSysAdmin) & 1n) === 1n;
}

async function fillBy(file: Awaited<ReturnType<typeof open>>, size: number): Promise<void> {
	try {
		for (;;) if ((await file.write(Buffer.alloc(size))).bytesWritten < size) return;
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
	}
}
