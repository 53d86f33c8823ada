-- Locations as a page: every filter and order walks an index, also at a hundred thousand of them.

-- "Pune" and "pune" are one city.
alter table location drop constraint location_organization_no_country_state_district_city_key;
create unique index location_name
	on location (organization_no, country, lower(state), lower(district), lower(city));
create index location_city on location (organization_no, city, location_no);
create index location_district on location (organization_no, district, location_no);
create index location_state on location (organization_no, state, location_no);
create index location_country on location (organization_no, country, location_no);
create index location_zone on location (organization_no, zone, location_no);
create index location_text on location
	using gin ((city || e'\n' || district || e'\n' || state || e'\n' || coalesce(zone, '')) gin_trgm_ops);

-- Who is registered in a location, which therefore stays.
create view v_location_customer as
	select organization_no, location_no, customer_no, dealer_no, name from customer 
	where location_no is not null and deleted_at is null;
