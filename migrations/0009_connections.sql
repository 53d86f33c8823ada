-- What devices' connections do, and what could not be read.

-- Parked messages ------------------------------------------------------------------------------------------------

alter table parked_message
	-- The command that the message answers; null for readings.
	add column command_id text,
	-- How often it was replayed and failed again.
	add column replays integer not null default 0,
	add column replayed_at timestamptz;
update parked_message set command_id = substring(topic from '^qd/v1/[^/]+/command/([A-Za-z0-9-]{1,64})/result$');
create index parked_message_organization on parked_message (organization_no, parked_no desc);

-- Connections ----------------------------------------------------------------------------------------------------

-- The last connections of each device, numbered by device; older ones go when new ones come.
create table device_connection (
	device_no integer not null,
	connection_no bigint not null,
	connected_at timestamptz not null,
	-- Null while it is open.
	ended_at timestamptz check (ended_at >= connected_at),
	reason text check ((reason is null) = (ended_at is null)),
	transport text not null,
	address text not null,
	client_id text,
	keep_alive_seconds integer,
	is_clean_session boolean,
	will_topic text,
	will_body bytea,
	-- Written when it ends; null when the server ended before.
	messages bigint,
	bytes bigint,
	primary key (device_no, connection_no)
);
create index device_connection_open on device_connection (device_no) where ended_at is null;
create index device_connection_ended on device_connection (ended_at);

-- When connections were last written: about then ended those that a killed server left open.
create table connection_log_alive (
	only_row boolean primary key default true check (only_row),
	alive_at timestamptz not null
);
