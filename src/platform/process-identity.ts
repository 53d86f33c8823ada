import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What tells a process from an earlier or later one with the same number: when it started. Null when there is no such
 * process.
 */
export async function processIdentity(pid: number): Promise<string | null> {
	try {
		if (process.platform === 'linux') {
			const [boot, stat] = await Promise.all([
				readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
				readFile(`/proc/${pid}/stat`, 'utf8'),
			]);
			// proc_pid_stat(5): the name in parentheses may hold spaces; behind it come field 3, the state, and 22, the start.
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			const isGone = fields[0] === 'Z' || fields[0] === 'X';
			return isGone ? null : `${boot.trim()} ${fields[19]}`;
		}
		const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
		return stdout.trim() || null;
	} catch {
		return null;
	}
}
