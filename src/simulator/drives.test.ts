import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DriveError, listDrives, parseDrive, readDrive } from './drives.ts';

const folder = join(import.meta.dirname, '../../data/twizy-rsk');

describe('recorded drives', () => {
	it('reads all 17 files, 55,645 rows at one a second, as the source says', async () => {
		const names = await listDrives(folder);
		const drives = await Promise.all(names.map((name) => readDrive(folder, name)));
		expect(drives).toHaveLength(17);
		expect(drives.reduce((sum, drive) => sum + drive.rows.length, 0)).toBe(55_645);
		for (const { rows } of drives)
			expect(rows.map((row) => row.offsetSeconds)).toEqual(rows.map((_, index) => index));
	});

	it('keeps what a row says and leaves null what it does not', async () => {
		const { rows } = await readDrive(folder, 'T1_06_30_2021_2');
		expect(rows[3203]).toEqual({
			offsetSeconds: 3203,
			lat: 33.991135,
			lon: -6.858635,
			altitudeM: 36,
			speedKmh: 32.74,
			socPct: 61.26,
			gear: 'D',
		});
		const withoutPosition = rows.filter((row) => row.lat === null || row.lon === null);
		expect(withoutPosition.map((row) => row.offsetSeconds)).toEqual([3204, 3205, 3206, 3207]);
	});

	it('refuses a recording it cannot use, and says why', () => {
		const header = 'at,lat,lon,speed_kmh,soc_pct,gear,alt_m';
		const row = (at: string, lat = '33.9') => `${at},${lat},-6.8,10,50,D,140`;
		const parse = (...lines: string[]) => parseDrive('X', lines.join('\n'));
		expect(() => parse(header.replace('soc_pct', 'charge'), row('2021-03-29T11:13:45Z'))).toThrow(
			new DriveError('The drive X has no column "soc_pct".'),
		);
		expect(() => parse(header, row('yesterday'))).toThrow('The time in row 1 of the drive X');
		expect(() => parse(header, row('2021-03-29T11:13:45Z'), row('2021-03-29T11:13:45Z'))).toThrow(
			'The time in row 2 of the drive X does not rise.',
		);
		expect(() => parse(header, row('2021-03-29T11:13:45Z', 'north'))).toThrow(
			'"north" in row 1 of the drive X is not a number.',
		);
		expect(() => parse(header)).toThrow('The drive X has no rows.');
	});
});
