-- Who uses the installation, which devices it has, what they said.

create extension if not exists btree_gist;

-- Sign-in (tables of better-auth 1.7; column names are its own) -----------------------------------------------

create table auth_user (
	"id" text primary key,
	"name" text not null,
	"email" text not null unique,
	"emailVerified" boolean not null default false,
	"image" text,
	"createdAt" timestamptz not null default now(),
	"updatedAt" timestamptz not null default now()
);

create table auth_session (
	"id" text primary key,
	"userId" text not null references auth_user ("id") on delete cascade,
	"token" text not null unique,
	"expiresAt" timestamptz not null,
	"ipAddress" text,
	"userAgent" text,
	"createdAt" timestamptz not null default now(),
	"updatedAt" timestamptz not null default now()
);
create index auth_session_user on auth_session ("userId");

create table auth_account (
	"id" text primary key,
	"accountId" text not null,
	"providerId" text not null,
	"userId" text not null references auth_user ("id") on delete cascade,
	"accessToken" text,
	"refreshToken" text,
	"idToken" text,
	"accessTokenExpiresAt" timestamptz,
	"refreshTokenExpiresAt" timestamptz,
	"scope" text,
	"password" text,
	"createdAt" timestamptz not null default now(),
	"updatedAt" timestamptz not null default now()
);
create index auth_account_user on auth_account ("userId");

create table auth_verification (
	"id" text primary key,
	"identifier" text not null,
	"value" text not null,
	"expiresAt" timestamptz not null,
	"createdAt" timestamptz not null default now(),
	"updatedAt" timestamptz not null default now()
);
create index auth_verification_identifier on auth_verification ("identifier");

create table auth_rate_limit (
	"id" text primary key,
	"key" text not null unique,
	"count" integer not null,
	"lastRequest" bigint not null
);

-- Tries to sign in to an account that did not succeed, whether the account exists or not.
create table sign_in_attempt (
	-- SHA-256 of the e-mail: what people type by mistake, a password even, is not kept.
	email_hash bytea primary key,
	attempts integer not null,
	window_started_at timestamptz not null
);
create index sign_in_attempt_window on sign_in_attempt (window_started_at);

-- Organizations, dealers, customers -----------------------------------------------------------------------------

create table organization (
	organization_no integer generated always as identity primary key,
	name text not null,
	time_zone text not null,
	country text not null,
	locale text not null,
	is_demo boolean not null default false,
	created_at timestamptz not null default now()
);

create table organization_host (
	host text primary key check (host = lower(host)),
	organization_no integer not null references organization on delete cascade
);
create index organization_host_organization on organization_host (organization_no);

-- What other rooms may know of an organization, and of the hosts under which it is reached.
create view v_organization as
select organization_no, name, time_zone, country, locale, is_demo from organization;

create view v_organization_host as
select host, organization_no from organization_host;

create table dealer (
	dealer_no integer generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	name text not null,
	city text,
	unique (organization_no, name),
	unique (organization_no, dealer_no)
);

create table customer (
	customer_no integer generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	dealer_no integer,
	name text not null,
	email text,
	mobile text,
	address text,
	city text,
	pin_code text,
	unique (organization_no, customer_no),
	foreign key (organization_no, dealer_no) references dealer (organization_no, dealer_no)
);
create index customer_organization on customer (organization_no);
create index customer_dealer on customer (organization_no, dealer_no);

-- What an account may do in an organization; scope narrows by dealer and customers.
create table membership (
	membership_no integer generated always as identity primary key,
	user_id text not null references auth_user ("id") on delete cascade,
	organization_no integer not null references organization on delete cascade,
	role text not null check (role in ('super_admin', 'admin', 'operation', 'b2b', 'dealer', 'customer')),
	dealer_no integer,
	created_at timestamptz not null default now(),
	unique (user_id, organization_no),
	unique (organization_no, membership_no),
	foreign key (organization_no, dealer_no) references dealer (organization_no, dealer_no),
	check ((role = 'dealer') = (dealer_no is not null)),
	-- A customer or B2B user sees chosen customers and nothing else.
	all_customers boolean not null,
	check (not (role in ('b2b', 'customer') and all_customers))
);
create index membership_organization on membership (organization_no);

create table membership_customer (
	organization_no integer not null,
	membership_no integer not null,
	customer_no integer not null,
	primary key (membership_no, customer_no),
	foreign key (organization_no, membership_no)
		references membership (organization_no, membership_no) on delete cascade,
	foreign key (organization_no, customer_no)
		references customer (organization_no, customer_no) on delete cascade
);

-- Vehicles and devices -------------------------------------------------------------------------------------------

create table vehicle (
	vehicle_no integer generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	vin text not null,
	registration_no text,
	model text,
	motor_id text,
	bms_id text,
	battery_model text,
	product_status text not null default 'in_stock',
	unique (organization_no, vin),
	unique (organization_no, bms_id),
	unique (organization_no, motor_id),
	unique (organization_no, vehicle_no)
);

create table device (
	device_no integer generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	device_id text not null unique,
	telematics_id text unique,
	name text,
	sim_no text,
	family text not null check (family in ('ev', 'x_pro', 'unified', 'ultra')),
	transport text check (transport in ('gsm', 'wifi', 'ble')),
	reporting_interval_s integer not null default 300 check (reporting_interval_s > 0),
	-- SHA-256 of a key of 256 random bits; nothing slower is needed for a secret nobody chose.
	key_hash bytea,
	retired_at timestamptz,
	created_at timestamptz not null default now(),
	unique (organization_no, device_no)
);

-- Who had it when: one row for each time in which nothing about a device's belonging changed.
create table device_assignment (
	device_no integer not null,
	organization_no integer not null,
	vehicle_no integer,
	customer_no integer,
	dealer_no integer,
	during tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
	primary key (device_no, during),
	exclude using gist (device_no with =, during with &&),
	foreign key (organization_no, device_no) references device (organization_no, device_no) on delete cascade,
	foreign key (organization_no, vehicle_no) references vehicle (organization_no, vehicle_no),
	foreign key (organization_no, customer_no) references customer (organization_no, customer_no),
	foreign key (organization_no, dealer_no) references dealer (organization_no, dealer_no)
);
create unique index device_assignment_current on device_assignment (device_no) where upper_inf(during);
create index device_assignment_customer on device_assignment (customer_no) where upper_inf(during);
create index device_assignment_dealer on device_assignment (dealer_no) where upper_inf(during);

-- A device with what it is fitted to and to whom it belongs now. Other rooms read this, never the tables.
create view v_device as
select
	d.device_no, d.organization_no, d.device_id, d.telematics_id, d.name, d.family, d.transport,
	d.reporting_interval_s, d.retired_at,
	a.dealer_no, a.customer_no, a.vehicle_no,
	v.vin, v.registration_no, v.model, v.motor_id, v.bms_id, v.product_status,
	c.name as customer_name, c.email as customer_email, c.city as customer_city,
	l.name as dealer_name
from device d
left join device_assignment a on a.device_no = d.device_no and upper_inf(a.during)
left join vehicle v on v.vehicle_no = a.vehicle_no
left join customer c on c.customer_no = a.customer_no
left join dealer l on l.dealer_no = a.dealer_no;

-- By which a device is recognised; only the edge reads it.
create view v_device_credential as
select device_no, organization_no, device_id, key_hash from device where retired_at is null;

-- The status rule of requirements 1 for SQL; equal to `statusAt` in src/contract/status.ts, by test.
create function device_status(
	family text, charging boolean, ignition boolean, speed_kmh real, run_state text,
	last_heard_at timestamptz, at timestamptz
) returns text language sql immutable parallel safe as $$
	select case
		when last_heard_at is null or at - last_heard_at >= interval '72 hours' then 'not_communicating'
		when at - last_heard_at > interval '24 hours' then 'offline'
		when charging then 'charging'
		when family <> 'ev' then
			case
				when run_state in ('running', 'starting', 'cooling') then 'moving'
				when run_state = 'standby' then 'stopped'
				else 'ignition_off'
			end
		when ignition is false then 'ignition_off'
		when speed_kmh > 0 then 'moving'
		when ignition is null then 'ignition_off'
		else 'stopped'
	end
$$;

-- What devices said ----------------------------------------------------------------------------------------------

create table readings (
	device_no integer not null,
	at timestamptz not null,
	-- With device_no and at, what makes a reading itself: 64-bit hash of (boot, sequence), else of its body.
	ident bigint not null,
	received_at timestamptz not null,
	lat double precision,
	lon double precision,
	altitude_m real,
	heading_deg real,
	speed_kmh real,
	satellites smallint,
	soc_pct real,
	range_km real,
	charging boolean,
	battery_v real,
	charge_current_a real,
	odometer_km double precision,
	ignition boolean,
	signal smallint,
	firmware text,
	run_signal real,
	run_state text,
	engine_temp_c real,
	alternator_temp_c real,
	temperature_c real,
	oil_pressure_bar real,
	total_hours double precision,
	last_runtime_hours double precision,
	total_kwh double precision,
	last_kwh double precision,
	sensors jsonb,
	primary key (device_no, at, ident)
) partition by range (at);

-- The newest word of each device, written by its lane alone. Room in the page keeps updates in place; no second index.
create table device_state (
	device_no integer primary key,
	revision bigint not null,
	last_heard_at timestamptz,
	-- The newest reading's time, by which late data are told.
	newest_at timestamptz,
	clock_wrong boolean not null default false,
	position_at timestamptz,
	power_at timestamptz,
	vehicle_at timestamptz,
	engine_at timestamptz,
	lat double precision,
	lon double precision,
	altitude_m real,
	heading_deg real,
	speed_kmh real,
	satellites smallint,
	soc_pct real,
	range_km real,
	charging boolean,
	battery_v real,
	charge_current_a real,
	odometer_km double precision,
	ignition boolean,
	signal smallint,
	firmware text,
	run_signal real,
	run_state text,
	engine_temp_c real,
	alternator_temp_c real,
	temperature_c real,
	oil_pressure_bar real,
	total_hours double precision,
	last_runtime_hours double precision,
	total_kwh double precision,
	last_kwh double precision,
	sensors jsonb,
	-- The last boots with their highest sequence, newest last: [["boot", 12], …]
	boots jsonb,
	-- What each reaction remembers of the device, by the reaction's name.
	memory jsonb
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

-- Where stored readings came late, so that what was derived from that time is derived again.
create table late_window (
	device_no integer primary key,
	from_at timestamptz not null,
	to_at timestamptz not null,
	marked_at timestamptz not null
);

-- What happened to a device and is kept.
create table fact (
	fact_no bigint generated always as identity primary key,
	device_no integer not null,
	organization_no integer not null,
	customer_no integer,
	kind text not null,
	at timestamptz not null,
	details jsonb not null
);
create index fact_device on fact (device_no, at desc);

-- Messages that could not be read or stored, with their bytes, to be replayed.
create table parked_message (
	parked_no bigint generated always as identity primary key,
	device_no integer not null,
	organization_no integer not null,
	received_at timestamptz not null,
	topic text not null,
	body bytea not null,
	reason text not null,
	detail text not null
);
create index parked_message_device on parked_message (device_no, parked_no);
