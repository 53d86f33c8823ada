-- Dealers and customers as an Admin keeps them. Who is deleted stays for histories, and is in nothing else.

alter table dealer
	add column contact_name text,
	add column mobile text,
	add column email text,
	add column address text,
	add column created_at timestamptz not null default now(),
	add column deleted_at timestamptz,
	drop constraint dealer_organization_no_name_key;
create unique index dealer_name on dealer (organization_no, lower(name)) where deleted_at is null;
create index dealer_by_city on dealer (organization_no, lower(city), dealer_no) where deleted_at is null;
create index dealer_by_created on dealer (organization_no, created_at, dealer_no) where deleted_at is null;

alter table location add unique (organization_no, location_no);

alter table customer
	add column location_no integer,
	add column created_at timestamptz not null default now(),
	add column deleted_at timestamptz,
	add foreign key (organization_no, location_no) references location (organization_no, location_no);
drop index customer_organization;
create index customer_by_name on customer (organization_no, lower(name), customer_no) where deleted_at is null;
create index customer_by_city on customer (organization_no, lower(city), customer_no) where deleted_at is null;
create index customer_by_created on customer (organization_no, created_at, customer_no) where deleted_at is null;
create index customer_location on customer (organization_no, location_no) where location_no is not null;
create index customer_text on customer using gin (
	(name || e'\n' || coalesce(email, '') || e'\n' || coalesce(mobile, '') || e'\n' || coalesce(city, '')) gin_trgm_ops
) where deleted_at is null;

-- Whose devices were: what a customer or dealer has and had.
create index device_assignment_customer_ever on device_assignment (customer_no, device_no) where customer_no is not null;
create index device_assignment_dealer_ever on device_assignment (dealer_no, device_no) where dealer_no is not null;

create index if not exists membership_customer_customer on membership_customer (organization_no, customer_no);
create index if not exists membership_dealer on membership (organization_no, dealer_no) where dealer_no is not null;

-- What other rooms may know of dealers and customers that are there.
create or replace view v_dealer as
select dealer_no, organization_no, name, city from dealer where deleted_at is null;
create or replace view v_customer as
select customer_no, organization_no, dealer_no, name, email, city, location_no from customer where deleted_at is null;

-- Names for histories, also of those that were deleted.
create view v_dealer_name as
select dealer_no, organization_no, name, deleted_at is not null as is_deleted from dealer;
create view v_customer_name as
select customer_no, organization_no, name, deleted_at is not null as is_deleted from customer;

-- Who signs in for a customer or dealer alone.
create view v_customer_member as
select c.organization_no, c.customer_no, u.email
from membership_customer c
join membership m on m.membership_no = c.membership_no and not m.all_customers
join auth_user u on u.id = m.user_id;
create view v_dealer_member as
select m.organization_no, m.dealer_no, u.email
from membership m join auth_user u on u.id = m.user_id
where m.dealer_no is not null;

create view v_location_name as
select location_no, organization_no, city, state, country from location;
