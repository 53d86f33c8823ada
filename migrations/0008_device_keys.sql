-- Devices as an Admin keeps them: renewed keys, imports, and what the list of all devices needs to stay quick.

-- What an organization wants of its devices; without a row the defaults hold.
create table device_setting (
	organization_no integer primary key references organization on delete cascade,
	-- How long a renewed device key is still taken.
	key_grace_hours double precision not null default 24 check (key_grace_hours between 0 and 720),
	-- POSIX regular expression of Telematics IDs; others are warned of, not refused.
	telematics_id_format text
);

-- Files of devices to add. What a file holds is looked at first and then added as a whole, or not at all.
create table device_import (
	import_no integer generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	file_name text not null,
	uploaded_at timestamptz not null default now(),
	uploaded_by text not null,
	rows_new integer not null default 0,
	rows_unchanged integer not null default 0,
	rows_wrong integer not null default 0,
	rows_warned integer not null default 0,
	rows_done integer not null default 0,
	-- Why the last attempt to add them came to nothing.
	failure text,
	applied_at timestamptz,
	-- When the keys of its devices were handed out.
	keys_issued_at timestamptz,
	unique (organization_no, import_no)
);

create table device_import_row (
	import_no integer not null references device_import on delete cascade,
	-- Line of the file; the titles are line 1.
	line integer not null,
	device_id text not null,
	telematics_id text,
	name text,
	sim_no text,
	family text,
	transport text,
	reporting_interval_s integer,
	outcome text check (outcome in ('new', 'unchanged', 'wrong')),
	problem text,
	warning text,
	primary key (import_no, line)
);

alter table device
	add column key_renewed_at timestamptz,
	-- The key before, as long as it is still taken.
	add column old_key_hash bytea,
	add column old_key_valid_until timestamptz,
	add column import_no integer,
	add check ((old_key_hash is null) = (old_key_valid_until is null)),
	add foreign key (organization_no, import_no) references device_import (organization_no, import_no)
		on delete set null (import_no);

create index device_created on device (organization_no, created_at, device_no);
create index device_by_id on device (organization_no, device_id);
create index device_by_telematics_id on device (organization_no, telematics_id, device_no);
create index device_retired on device (organization_no, created_at, device_no) where retired_at is not null;
create index device_sim on device using gin (sim_no gin_trgm_ops);
create index device_import_devices on device (import_no) where import_no is not null;

-- Keys that were renewed and are still taken; only the edge reads it.
create view v_device_old_key as
select device_no, old_key_hash from device
where retired_at is null and old_key_valid_until > now();

-- A device as an Admin sees it, retired or not.
create view v_registered_device as
select
	d.device_no, d.organization_no, d.device_id, d.telematics_id, d.name, d.sim_no, d.family, d.transport,
	d.reporting_interval_s, d.osmand_allowed, d.retired_at, d.created_at,
	case when d.key_hash is null then 'none' when d.key_renewed_at is null then 'set' else 'renewed' end as key_state,
	d.old_key_valid_until,
	a.dealer_no, a.customer_no, v.vin, v.registration_no,
	c.name as customer_name, l.name as dealer_name
from device d
left join device_assignment a on a.device_no = d.device_no and upper_inf(a.during)
left join vehicle v on v.vehicle_no = a.vehicle_no
left join v_customer c on c.customer_no = a.customer_no
left join v_dealer l on l.dealer_no = a.dealer_no;
