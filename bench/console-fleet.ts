import type pg from 'pg';

/** Words a bench searches for, with how often they occur. */
export const models = ['Skimmer S2', 'Skimmer S2 Max', 'Haul L5 Cargo', 'Heron Cargo'];
export const dealers = 200;
export const customers = 5_000;

/**
 * Fills an installation up to a number of devices, straight into its tables: each with a vehicle, a customer, a dealer
 * and a last word, statuses mixed as in a real fleet.
 */
export async function fillFleet(
	pool: pg.Pool,
	organizationNo: number,
	devices: number,
): Promise<void> {
	await pool.query('begin');
	await pool.query(
		`insert into dealer (organization_no, name, city)
		select $1, 'Dealer ' || lpad(i::text, 4, '0'), 'City ' || i % 40 from generate_series(1, $2) i`,
		[organizationNo, dealers],
	);
	await pool.query(
		`insert into customer (organization_no, dealer_no, name, email, city)
		select $1, (select min(dealer_no) from dealer) + i % $3, 'Customer ' || lpad(i::text, 5, '0'),
			'fleet' || i || '@example.com', 'City ' || i % 40
		from generate_series(1, $2) i`,
		[organizationNo, customers, dealers],
	);
	await pool.query(
		`insert into vehicle (organization_no, vin, registration_no, model, product_status)
		select $1, 'MDQ' || upper(substr(md5(i::text), 1, 8)) || lpad(i::text, 7, '0'),
			'GJ ' || lpad((i % 40)::text, 2, '0') || ' EV ' || i, ($3::text[])[1 + i % 4], 'sold'
		from generate_series(1, $2) i`,
		[organizationNo, devices, models],
	);
	await pool.query(
		`insert into device (organization_no, device_id, telematics_id, family, transport)
		select $1, '8686-' || lpad(i::text, 9, '0'), 'VCU-' || lpad(i::text, 8, '0'),
			case i % 20 when 0 then 'ultra' when 1 then 'unified' else 'ev' end, 'gsm'
		from generate_series(1, $2) i`,
		[organizationNo, devices],
	);
	// One period each cannot overlap another: checking that a million times would be most of the bench.
	await pool.query('alter table device_assignment disable trigger all');
	await pool.query(
		`insert into device_assignment (device_no, organization_no, vehicle_no, customer_no, dealer_no, during)
		select d.device_no, $1, v.vehicle_no, c.customer_no, c.dealer_no, tstzrange(now(), null)
		from (select device_no, row_number() over (order by device_no) as i from device
			where device_id like '8686-%') d
		join (select vehicle_no, row_number() over (order by vehicle_no) as i from vehicle) v using (i)
		join customer c on c.customer_no = (select min(customer_no) from customer) + d.i % $2`,
		[organizationNo, customers],
	);
	await pool.query('alter table device_assignment enable trigger all');
	await pool.query(
		`insert into device_state (device_no, revision, last_heard_at, newest_at, power_at, vehicle_at, position_at,
			ignition, charging, speed_kmh, soc_pct, range_km, odometer_km, signal, firmware, lat, lon)
		select device_no, 1, heard, heard, heard, heard, heard,
			device_no % 3 > 0, device_no % 11 = 0, case when device_no % 3 = 1 then device_no % 80 else 0 end,
			device_no % 101, device_no % 120, device_no % 90000, device_no % 32,
			'4.' || device_no % 8 || '.' || device_no % 5, 8 + device_no % 2500 / 100.0, 70 + device_no % 1800 / 100.0
		from (select device_no, now() - (device_no % 1000) * interval '5 minutes' as heard
			from device where device_id like '8686-%') d`,
	);
	await pool.query('commit');
	await pool.query('analyze');
}
