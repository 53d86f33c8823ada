-- What an organization is called by and looks like, and in which one a Super Admin is.

alter table organization
	add column colour text check (colour ~ '^#[0-9a-f]{6}$'),
	add column currency text check (currency ~ '^[A-Z]{3}$'),
	add column support_name text,
	add column support_email text,
	add column support_phone text,
	-- Which optional modules are on.
	add column modules text[] not null default '{}';

create table organization_logo (
	organization_no integer primary key references organization on delete cascade,
	sha256 text not null,
	media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/webp', 'image/svg+xml')),
	image bytea not null check (octet_length(image) <= 524288)
);
create index organization_logo_sha256 on organization_logo (sha256);

create or replace view v_organization as
select
	o.organization_no, o.name, o.time_zone, o.country, o.locale, o.is_demo,
	o.colour, o.currency, o.support_name, o.support_email, o.support_phone, o.modules, l.sha256 as logo_sha256
from organization o
left join organization_logo l on l.organization_no = o.organization_no;

create index organization_name on organization (name, organization_no);
create index organization_name_text on organization using gin (name gin_trgm_ops);
create index organization_host_text on organization_host using gin (host gin_trgm_ops);

-- In which organization a session is instead of its own. It ends with the session; it holds as long as its user is a
-- Super Admin at home.
create table entered_organization (
	session_id text primary key references auth_session (id) on delete cascade,
	organization_no integer not null references organization on delete cascade,
	home_organization_no integer not null references organization on delete cascade,
	entered_at timestamptz not null default now(),
	check (organization_no <> home_organization_no)
);
create index entered_organization_organization on entered_organization (organization_no);
create index entered_organization_home on entered_organization (home_organization_no);

create view v_entered_organization as
select session_id, organization_no, home_organization_no, entered_at from entered_organization;

-- How large organizations are, for a condition on their number.
create view v_device_organization as select organization_no, device_no, device_id from device;
create view v_member_organization as select organization_no, user_id from membership;
