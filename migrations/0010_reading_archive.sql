-- Readings of days gone by, packed: one row for each device and day, a column's values as one array. A quarter of the
-- space (docs/decisions/0013-old-readings.md). A column that nobody said on that day is null.
create table reading_archive (
	device_no integer not null,
	-- In UTC.
	day date not null,
	-- Milliseconds since the day began.
	at_ms integer[] not null,
	ident bigint[] not null,
	-- From `at` to `received_at`.
	delay_ms bigint[] not null,
	lat double precision[],
	lon double precision[],
	altitude_m real[],
	heading_deg real[],
	speed_kmh real[],
	satellites smallint[],
	soc_pct real[],
	range_km real[],
	charging boolean[],
	battery_v real[],
	charge_current_a real[],
	odometer_km double precision[],
	ignition boolean[],
	signal smallint[],
	firmware text[],
	run_signal real[],
	run_state text[],
	engine_temp_c real[],
	alternator_temp_c real[],
	temperature_c real[],
	oil_pressure_bar real[],
	total_hours double precision[],
	last_runtime_hours double precision[],
	total_kwh double precision[],
	last_kwh double precision[],
	sensors jsonb[],
	primary key (device_no, day)
) partition by range (day);

-- A device's readings of a time, wherever they lie; `to_at` is excluded. Readers use this, never the tables.
create function readings_between(of_device integer, from_at timestamptz, to_at timestamptz)
returns setof readings language sql stable parallel safe as $$
	select * from readings where device_no = of_device and at >= from_at and at < to_at
	union all
	select
		a.device_no, r.at, u.ident, r.at + u.delay_ms * interval '1 millisecond',
		u.lat, u.lon, u.altitude_m, u.heading_deg, u.speed_kmh, u.satellites, u.soc_pct, u.range_km, u.charging,
		u.battery_v, u.charge_current_a, u.odometer_km, u.ignition, u.signal, u.firmware, u.run_signal, u.run_state,
		u.engine_temp_c, u.alternator_temp_c, u.temperature_c, u.oil_pressure_bar, u.total_hours,
		u.last_runtime_hours, u.total_kwh, u.last_kwh, u.sensors
	from reading_archive a,
		unnest(
			a.at_ms, a.ident, a.delay_ms,
			a.lat, a.lon, a.altitude_m, a.heading_deg, a.speed_kmh, a.satellites, a.soc_pct, a.range_km, a.charging,
			a.battery_v, a.charge_current_a, a.odometer_km, a.ignition, a.signal, a.firmware, a.run_signal, a.run_state,
			a.engine_temp_c, a.alternator_temp_c, a.temperature_c, a.oil_pressure_bar, a.total_hours,
			a.last_runtime_hours, a.total_kwh, a.last_kwh, a.sensors
		) as u (
			at_ms, ident, delay_ms,
			lat, lon, altitude_m, heading_deg, speed_kmh, satellites, soc_pct, range_km, charging,
			battery_v, charge_current_a, odometer_km, ignition, signal, firmware, run_signal, run_state,
			engine_temp_c, alternator_temp_c, temperature_c, oil_pressure_bar, total_hours,
			last_runtime_hours, total_kwh, last_kwh, sensors
		),
		lateral (select a.day::timestamp at time zone 'UTC' + u.at_ms * interval '1 millisecond' as at) r
	where a.device_no = of_device
		and a.day >= (from_at at time zone 'UTC')::date and a.day <= (to_at at time zone 'UTC')::date
		and r.at >= from_at and r.at < to_at
$$;
