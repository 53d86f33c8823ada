-- How a person arranged the pages: columns, their order, density. Nothing here decides what somebody may see.

create table user_preference (
	user_id text not null references auth_user ("id") on delete cascade,
	key text not null check (key ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
	value jsonb not null check (octet_length(value::text) <= 16384),
	primary key (user_id, key)
);
