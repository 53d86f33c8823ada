import { createHash } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashPassword } from 'better-auth/crypto';
import { createPool } from '#platform/database/connect.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createTestFolder } from '../harness/folder.ts';
import { type Installation, migrationsFolder } from '../harness/installation.ts';

const firstMigration = '0001_spine.sql';

/** What every device of the old installation has reported, once a minute until now. */
export const oldReadings = 20;

/**
 * Makes a database as the first version did, by its one migration, and fills it past today's code: two organizations,
 * dealers, customers, vehicles, a user, and devices with readings, states, facts and a parked message each.
 */
export async function createOldInstallation(
	databaseUrl: string,
	deviceIds: readonly string[],
): Promise<Installation> {
	const email = 'operator@example.org';
	const password = 'the old installation';
	const version = await createTestFolder();
	const pool = createPool(databaseUrl, 'test', 2);
	try {
		await copyFile(join(migrationsFolder, firstMigration), join(version.path, firstMigration));
		await migrate(pool, version.path);
		const keys = deviceIds.map((deviceId) => `key of ${deviceId}`);
		await pool.query(organizationSql);
		await pool.query(userSql, [email, await hashPassword(password)]);
		const { rows } = await pool.query<{ device_no: number; device_id: string }>(deviceSql, [
			deviceIds,
			keys.map((key) => createHash('sha256').update(key).digest()),
		]);
		await pool.query(historySql);
		return {
			organizationNo: 1,
			email,
			password,
			devices: rows.map(({ device_no, device_id }) => ({
				deviceNo: device_no,
				deviceId: device_id,
				key: `key of ${device_id}`,
			})),
		};
	} finally {
		await pool.end();
		await version.remove();
	}
}

const organizationSql = `
	insert into organization (name, time_zone, country, locale)
		values ('Old Harbour', 'Asia/Kolkata', 'IN', 'en-IN'), ('Other', 'UTC', 'IN', 'en-IN');
	insert into dealer (organization_no, name, city) values (1, 'Old Dealer', 'Pune'), (2, 'Other Dealer', null);
	insert into customer (organization_no, dealer_no, name, city)
		values (1, 1, 'Old Customer', 'Pune'), (2, 2, 'Other Customer', null)`;

const userSql = `
	with person as (
		insert into auth_user (id, name, email, "emailVerified") values ('old-user', 'Operator', $1, true) returning id
	), account as (
		insert into auth_account (id, "accountId", "providerId", "userId", password)
			select 'old-account', id, 'credential', id, $2 from person
	)
	insert into membership (user_id, organization_no, role, all_customers) select id, 1, 'super_admin', true from person`;

const deviceSql = `
	with fitted as (
		insert into vehicle (organization_no, vin, model)
			select 1, 'VIN-' || device_id, 'Old Model' from unnest($1::text[]) as device_id
			returning vehicle_no, vin
	), registered as (
		insert into device (organization_no, device_id, family, transport, key_hash)
			select 1, device_id, 'ev', 'gsm', key_hash from unnest($1::text[], $2::bytea[]) as d (device_id, key_hash)
			returning device_no, device_id
	), assigned as (
		insert into device_assignment (device_no, organization_no, vehicle_no, customer_no, dealer_no, during)
			select device_no, 1, vehicle_no, 1, 1, tstzrange(now() - interval '1 year', null)
			from registered join fitted on vin = 'VIN-' || device_id
	)
	select device_no, device_id from registered`;

const historySql = `
	do $$ declare start timestamptz := date_trunc('day', now(), 'UTC') - interval '1 day'; begin
		for day in 0..1 loop
			execute format('create table readings_%s partition of readings for values from (%L) to (%L)',
				to_char(start at time zone 'UTC', 'YYYY_MM_DD'), start, start + interval '1 day');
			start := start + interval '1 day';
		end loop;
	end $$;
	insert into readings (device_no, at, ident, received_at, lat, lon, soc_pct, odometer_km)
		select device_no, now() - n * interval '1 minute', n, now() - n * interval '1 minute', 18.5, 73.8, 50, 1000 - n
		from device, generate_series(1, ${oldReadings}) as n;
	insert into device_state (device_no, revision, last_heard_at, newest_at, position_at, power_at, vehicle_at, lat, lon,
			soc_pct, odometer_km, ignition, boots)
		select device_no, ${oldReadings}, at, at, at, at, at, 18.5, 73.8, 50, 999, false, '[["old", ${oldReadings}]]'
		from device, (select now() - interval '1 minute' as at);
	insert into fact (device_no, organization_no, customer_no, kind, at, details)
		select device_no, 1, 1, 'firmware_reported', now() - interval '1 hour', '{"from": null, "to": "1.0.0"}' from device;
	insert into parked_message (device_no, organization_no, received_at, topic, body, reason, detail)
		select device_no, 1, now(), 'qd/v1/' || device_id || '/telemetry', '{', 'not_json', 'Unexpected end' from device`;
