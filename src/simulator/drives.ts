import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** One second of a recorded drive; null where the recording has nothing. */
export interface DriveRow {
	/** Seconds since the drive's first row. */
	readonly offsetSeconds: number;
	readonly lat: number | null;
	readonly lon: number | null;
	readonly altitudeM: number | null;
	readonly speedKmh: number | null;
	readonly socPct: number | null;
	readonly gear: string | null;
}

export interface Drive {
	readonly name: string;
	readonly rows: readonly DriveRow[];
}

/** A recording that cannot be used; the message says which and why. */
export class DriveError extends Error {}

const suffix = '.csv.gz';

/** Names of the recorded drives in a folder. */
export async function listDrives(folder: string): Promise<string[]> {
	const files = await readdir(folder);
	return files
		.filter((file) => file.endsWith(suffix))
		.map((file) => file.slice(0, -suffix.length))
		.sort();
}

/** Reads one recorded drive, `<name>.csv.gz`. */
export async function readDrive(folder: string, name: string): Promise<Drive> {
	const packed = await readFile(join(folder, `${name}${suffix}`));
	return parseDrive(name, (await promisify(gunzip)(packed)).toString('utf8'));
}

/**
 * Parses a recording: a header line, then one comma-separated row a second (`data/twizy-rsk/README.md`). Blank cells
 * become null; an unreadable number or a time that does not rise is an error.
 */
export function parseDrive(name: string, csv: string): Drive {
	const [header, ...lines] = csv.trimEnd().split(/\r?\n/);
	const columns = (header ?? '').split(',');
	const column = (title: string): number => {
		const index = columns.indexOf(title);
		if (index < 0) throw new DriveError(`The drive ${name} has no column "${title}".`);
		return index;
	};
	const at = column('at');
	const lat = column('lat');
	const lon = column('lon');
	const altitude = column('alt_m');
	const speed = column('speed_kmh');
	const soc = column('soc_pct');
	const gear = column('gear');

	let firstAtMs = 0;
	const rows: DriveRow[] = [];
	for (const [index, line] of lines.entries()) {
		const cells = line.split(',');
		const where = `row ${index + 1} of the drive ${name}`;
		const atMs = Date.parse(cells[at] ?? '');
		if (Number.isNaN(atMs)) throw new DriveError(`The time in ${where} cannot be read.`);
		if (index === 0) firstAtMs = atMs;
		const offsetSeconds = (atMs - firstAtMs) / 1000;
		const previous = rows.at(-1);
		if (previous !== undefined && offsetSeconds <= previous.offsetSeconds)
			throw new DriveError(`The time in ${where} does not rise.`);
		rows.push({
			offsetSeconds,
			lat: numberIn(cells[lat], where),
			lon: numberIn(cells[lon], where),
			altitudeM: numberIn(cells[altitude], where),
			speedKmh: numberIn(cells[speed], where),
			socPct: numberIn(cells[soc], where),
			gear: cells[gear] || null,
		});
	}
	if (rows.length === 0) throw new DriveError(`The drive ${name} has no rows.`);
	return { name, rows };
}

function numberIn(cell: string | undefined, where: string): number | null {
	if (!cell) return null;
	const value = Number(cell);
	if (!Number.isFinite(value)) throw new DriveError(`"${cell}" in ${where} is not a number.`);
	return value;
}
