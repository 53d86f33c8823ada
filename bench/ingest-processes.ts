import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What processes use, from Linux's /proc (proc(5)). */

const kilobyte = 1_024;
/** Clock ticks of /proc/…/stat: USER_HZ is 100 on every Linux. */
const ticksPerSecond = 100;

/** Resident memory of one process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
	return kilobytesIn(`/proc/${pid}/status`, 'VmRSS');
}

/**
 * Memory of a PostgreSQL: the proportional share of each of its processes, so that the buffers they share count once.
 */
export async function postgresBytes(postmasterPid: number): Promise<number> {
	const pids = await familyOf(postmasterPid);
	const sizes = await Promise.all(
		pids.map((pid) => kilobytesIn(`/proc/${pid}/smaps_rollup`, 'Pss').catch(() => 0)),
	);
	return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** Processor time of a process and, if asked, of its children, in seconds. */
export async function processorSeconds(
	pids: readonly number[],
	{ withChildren }: { withChildren: boolean },
): Promise<number> {
	const all = withChildren ? (await Promise.all(pids.map(familyOf))).flat() : pids;
	const times = await Promise.all(all.map((pid) => ownProcessorSeconds(pid).catch(() => 0)));
	return times.reduce((sum, seconds) => sum + seconds, 0);
}

/** The main process of the PostgreSQL that runs on a data folder. */
export async function postmasterPid(dataFolder: string): Promise<number> {
	const [pid] = (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8')).split('\n');
	return Number(pid);
}

async function ownProcessorSeconds(pid: number): Promise<number> {
	const fields = await statFields(pid);
	return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Fields of /proc/…/stat from the third (state) on; the second may contain anything. */
async function statFields(pid: number): Promise<string[]> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

async function familyOf(parent: number): Promise<number[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
	const parents = await Promise.all(
		pids.map(async (pid) => Number((await statFields(pid).catch(() => []))[1])),
	);
	return [parent, ...pids.filter((_, index) => parents[index] === parent)];
}

async function kilobytesIn(file: string, name: string): Promise<number> {
	const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(await readFile(file, 'utf8'));
	return Number(match?.[1] ?? 0) * kilobyte;
}
