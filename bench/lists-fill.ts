import type pg from 'pg';

export const states = 36;
export const zones = 5;
const members = 500;

/**
 * Fills the organization, which has a fleet, up to so many rows of everything that an administrator lists, straight into
 * the tables; and the installation up to so many organizations.
 */
export async function fillLists(
	pool: pg.Pool,
	organizationNo: number,
	rows: number,
): Promise<void> {
	const fill = async (statement: string) => {
		await pool.query(statement, [organizationNo, rows]);
		// Or what refers to these rows is checked by plans for empty tables.
		await pool.query('analyze');
	};
	await fill(`
		insert into location (organization_no, city, district, state, country, zone, lat, lon)
		select $1, 'Town ' || lpad(i::text, 6, '0'), 'District ' || i % 700, 'State ' || i % ${states}, 'IN',
			'Zone ' || i % ${zones}, 8 + i % 2500 / 100.0, 70 + i % 1800 / 100.0
		from generate_series(1, $2) i`);
	await fill(`
		insert into customer (organization_no, dealer_no, location_no, name, email, mobile, city)
		select $1, (select min(dealer_no) from dealer) + i % 200,
			case when i % 3 = 0 then (select min(location_no) from location) + i % 1000 end,
			'Company ' || lpad(i::text, 6, '0'), 'office' || i || '@example.com', '98' || lpad(i::text, 8, '0'),
			'City ' || i % 40
		from generate_series(1 + (select count(*) from customer), $2) i`);
	// One by one the entries of so many arrivals would be most of the bench.
	await pool.query('alter table audit_entry disable trigger audit_entry_arrival');
	await fillUsers(fill);
	await pool.query('alter table audit_entry enable trigger audit_entry_arrival');
	await fill(`
		insert into audit_entry (at, organization_no, user_id, user_email, acting_as, action, subject_kind, subject_id,
			before, after, ip, request_id)
		select now() - i * interval '1 minute', $1, 'user' || i % ${members}, 'user' || i % ${members} || '@example.com', 'admin',
			(array['device.edit','device.assign','customer.edit','user.edit'])[1 + i % 4],
			(array['device','device','customer','user'])[1 + i % 4], 'EV-' || lpad((i % 20000)::text, 6, '0'),
			'{"name": "old"}', '{"name": "new"}', '192.0.2.1', gen_random_uuid()
		from generate_series(1, $2) i`);
	await fillTokens(fill);
	await fill(`
		with added as (
			insert into organization (name, time_zone, country, locale)
			select 'Fleet ' || lpad(i::text, 6, '0'), 'UTC', 'IN', 'en-IN' from generate_series(2, $2) i
			where $1::integer is not null
			returning organization_no
		)
		insert into organization_host (host, organization_no)
		select 'fleet' || organization_no || '.example', organization_no from added where organization_no % 2 = 0`);
	await pool.query('vacuum analyze');
}

type Fill = (statement: string) => Promise<void>;

/** One in ten has never come in, half of these in time; the others twice. */
async function fillUsers(fill: Fill): Promise<void> {
	await fill(`
		insert into auth_user (id, name, email)
		select 'user' || i, 'User ' || i, 'user' || i || '@example.com' from generate_series(2, $2) i
		where $1::integer is not null`);
	await fill(`
		insert into membership (organization_no, user_id, name, role, dealer_no, all_customers, created_at, invited_at, came_in_at)
		select $1, 'user' || i, 'User ' || lpad(i::text, 6, '0'), role,
			case role when 'dealer' then (select min(dealer_no) from dealer) + i % 200 end,
			role <> 'customer', now() - interval '90 days' - i * interval '1 minute',
			case i % 10 when 0 then now() - i % 140 * interval '2.2 hours' when 1 then null
				else now() - interval '60 days' - i * interval '1 minute' end,
			case when i % 10 > 0 then now() - interval '50 days' end
		from (
			select i, (array['operation','dealer','customer','customer','admin'])[1 + i % 5] as role
			from generate_series(2, $2) i
		) numbered`);
	await fill(`
		insert into membership_customer (organization_no, membership_no, customer_no)
		select $1, membership_no, (select min(customer_no) from customer) + membership_no % ($2 - 10)
		from membership where not all_customers`);
	await fill(`
		insert into audit_entry (at, organization_no, user_id, user_email, acting_as, action, subject_kind, subject_id,
			ip, request_id)
		select now() - (i % 7000) * interval '9 minutes', $1, 'user' || i, 'user' || i || '@example.com', 'operation',
			case n when 1 then 'account.activate' else 'session.sign_in' end, 'account', 'user' || i || '@example.com',
			'192.0.2.1', gen_random_uuid()
		from generate_series(2, $2) i, generate_series(1, 2) n where i % 10 > 0`);
}

async function fillTokens(fill: Fill): Promise<void> {
	await fill(`
		insert into api_token (organization_no, public_id, secret_hash, name, owner_id, owner_membership_no, owner_email,
			issuer_id, issuer_membership_no, issuer_email, may_control, device_nos, created_at, expires_at, revoked_at,
			last_used_at, last_used_ip)
		select $1, substr(md5(i::text), 1, 16), '', 'Report ' || lpad(i::text, 6, '0'), m.user_id,
			case when i % 50 = 0 then -1 else m.membership_no end, m.user_id || '@example.com', m.user_id,
			m.membership_no, m.user_id || '@example.com', i % 5 = 0, case when i % 7 = 0 then array[1, 2, 3] end,
			now() - i * interval '1 minute',
			case i % 4 when 0 then now() + i * interval '1 minute' when 1 then now() - i * interval '1 minute'
				else now() + interval '30 days' end,
			case when i % 9 = 0 then now() end, case when i % 3 > 0 then now() - i * interval '1 second' end, '192.0.2.1'
		from generate_series(1, $2) i
		join membership m on m.user_id = 'user' || 2 + i % ($2 - 10)`);
}
