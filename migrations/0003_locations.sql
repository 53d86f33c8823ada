-- Places by which a fleet is counted on the map.

create table location (
	location_no integer generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	city text not null,
	district text not null,
	state text not null,
	-- ISO 3166-1 alpha-2
	country text not null,
	zone text,
	lat double precision not null check (lat between -90 and 90),
	lon double precision not null check (lon between -180 and 180),
	unique (organization_no, country, state, district, city)
);
