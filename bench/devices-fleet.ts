import pg from 'pg';
import { createInstallation } from '../tests/harness/installation.ts';
import type { LoadDevice } from './load/orders.ts';

/**
 * Registers so many devices, straight into the tables, each with a key and a last word of some minutes ago.
 * @returns the devices in the order of their numbers
 */
export async function registerFleet(
	url: string,
	count: number,
): Promise<(LoadDevice & { readonly deviceNo: number })[]> {
	await createInstallation(url, []);
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		await client.query('begin');
		const { rows } = await client.query<{ deviceNo: number; deviceId: string; key: string }>(
			`with input as (
				select 'BENCH-' || lpad(i::text, 7, '0') as device_id, md5(i::text) as key
				from generate_series(1, $1::int) i
			), new_device as (
				insert into device (organization_no, device_id, family, transport, key_hash)
				select organization_no, device_id, 'ev', 'gsm', sha256(convert_to(key, 'utf8'))
				from input cross join organization order by device_id
				returning device_no, device_id
			)
			select device_no as "deviceNo", device_id as "deviceId", key
			from input join new_device using (device_id) order by device_id`,
			[count],
		);
		// One period each cannot overlap another: checking that a million times would be most of the bench.
		await client.query('alter table device_assignment disable trigger all');
		await client.query(
			`insert into device_assignment (device_no, organization_no, during)
			select device_no, organization_no, tstzrange(now() - interval '1 day', null) from device`,
		);
		await client.query('alter table device_assignment enable trigger all');
		await client.query(
			`insert into device_state (device_no, revision, last_heard_at, newest_at, power_at, vehicle_at, position_at,
				ignition, charging, speed_kmh, soc_pct, range_km, odometer_km, signal, lat, lon, boots)
			select device_no, 1, heard, heard, heard, heard, heard, true, false, 30, 50, 40, 1000, 20, 33.9, -6.8,
				'[["boot0", 1000]]'
			from (select device_no, now() - (device_no % 60) * interval '1 minute' as heard from device) d`,
		);
		await client.query('commit');
		await client.query('vacuum analyze');
		return rows;
	} finally {
		await client.end();
	}
}
