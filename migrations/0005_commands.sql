-- What people tell devices to do, and who changed what.

-- Audit ----------------------------------------------------------------------------------------------------------

-- Refers to nothing by foreign key: it outlives what it speaks of.
create table audit_entry (
	audit_no bigint generated always as identity primary key,
	at timestamptz not null default clock_timestamp(),
	organization_no integer not null,
	user_id text not null,
	user_email text not null,
	-- The role in which it was done.
	acting_as text not null,
	action text not null,
	subject_kind text not null,
	subject_id text not null,
	before jsonb,
	after jsonb,
	ip text not null,
	user_agent text,
	request_id text not null
);
create index audit_entry_organization on audit_entry (organization_no, audit_no desc);
create index audit_entry_subject on audit_entry (organization_no, subject_kind, subject_id, audit_no desc);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
	raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
	for each statement execute function refuse_audit_change();

-- Commands -------------------------------------------------------------------------------------------------------

-- What was asked of a device. What the device answered are facts of the kind command_answered.
create table device_command (
	command_no bigint generated always as identity unique,
	command_id text primary key,
	organization_no integer not null,
	device_no integer not null,
	-- Whose the device was then; a later owner does not see it.
	dealer_no integer,
	customer_no integer,
	name text not null,
	value jsonb,
	requested_at timestamptz not null,
	requested_by_id text not null,
	requested_by_name text not null,
	-- From then on it is not handed to the device any more.
	expires_at timestamptz not null,
	-- From then on it counts as unanswered.
	answer_by timestamptz not null check (answer_by >= expires_at),
	-- Last time it was about to be handed to a connection of the device; written before that is done.
	sent_at timestamptz check (sent_at < expires_at),
	-- When the device's connection acknowledged it.
	arrived_at timestamptz,
	foreign key (organization_no, device_no) references device (organization_no, device_no) on delete cascade
);
create index device_command_device on device_command (device_no, command_no desc);

create index fact_command_answer on fact ((details ->> 'commandId')) where kind = 'command_answered';

create view v_command_answer as
select
	device_no, fact_no, at, details ->> 'commandId' as command_id, details ->> 'status' as status,
	details ->> 'reason' as reason
from fact where kind = 'command_answered';

-- Commands by which a device's answers are recognised, and what it has answered.
create view v_given_command as
select
	c.command_id, c.device_no, c.name,
	array(
		select a.status from v_command_answer a
		where a.command_id = c.command_id and a.device_no = c.device_no
	) as statuses
from device_command c;
