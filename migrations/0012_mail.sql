-- Mails that wait to be sent and those that were, and the one-time links by which somebody gets a password.

create table mail (
	mail_no bigint generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	-- Whose account it is about; the mail stays when the account goes.
	user_id text references auth_user ("id") on delete set null,
	-- As receivers know it, the same at every attempt, so that a mail that comes twice can be told.
	message_id uuid not null default gen_random_uuid(),
	sender_name text not null,
	recipient text not null,
	subject text not null,
	-- Emptied once sent, and at the latest when it says nothing valid any more.
	text text,
	html text,
	body_until timestamptz not null,
	state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'kept')),
	attempts integer not null default 0,
	next_attempt_at timestamptz not null default now(),
	last_error text,
	created_at timestamptz not null default now(),
	ended_at timestamptz,
	check ((text is null) = (html is null))
);
create index mail_queued on mail (next_attempt_at) where state = 'queued';
create index mail_body on mail (body_until) where text is not null;
create index mail_created on mail (created_at);
create index mail_at on mail (organization_no, created_at, mail_no);
create index mail_recipient on mail (organization_no, recipient, created_at, mail_no);
create index mail_state on mail (organization_no, state, created_at, mail_no);
create index mail_text on mail using gin (recipient gin_trgm_ops, subject gin_trgm_ops);
create index mail_user on mail (user_id);

-- What other rooms may know of mails.
create view v_mail as
select mail_no, organization_no, user_id, recipient, subject, text, body_until, state, attempts,
	next_attempt_at, last_error, created_at, ended_at
from mail;

-- A link that came by mail; of each purpose an account has one that works.
create table account_link (
	link_no bigint generated always as identity primary key,
	user_id text not null references auth_user ("id") on delete cascade,
	organization_no integer not null references organization on delete cascade,
	purpose text not null check (purpose in ('activate', 'reset')),
	-- SHA-256 of the link's token, which only the mail holds.
	token_hash bytea not null unique,
	mail_no bigint references mail on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	ended_at timestamptz,
	ended_by text check (ended_by in ('used', 'replaced')),
	check ((ended_at is null) = (ended_by is null))
);
create unique index account_link_open on account_link (user_id, purpose) where ended_at is null;
create index account_link_user on account_link (user_id, purpose, created_at);
create index account_link_expires on account_link (expires_at);
create index account_link_organization on account_link (organization_no);
create index account_link_mail on account_link (mail_no);

-- Requests for reset links, by account and by address, whether the account exists or not.
create table link_attempt (
	-- SHA-256 of what is counted: what people type by mistake, a password even, is not kept.
	key_hash bytea primary key,
	attempts integer not null,
	window_started_at timestamptz not null
);
create index link_attempt_window on link_attempt (window_started_at);

-- When somebody last signed in, which outlives the session.
alter table auth_user add column last_sign_in_at timestamptz;

create function note_sign_in() returns trigger language plpgsql as $$
begin
	update auth_user set last_sign_in_at = new."createdAt" where "id" = new."userId";
	return null;
end
$$;
create trigger auth_session_sign_in after insert on auth_session
for each row execute function note_sign_in();

-- What other rooms may know of an account.
create view v_account as
select u."id" as user_id, u."email" as email, u."name" as name, u."emailVerified" as is_activated,
	l.created_at as activation_sent_at, l.expires_at as activation_expires_at,
	l.ended_by as activation_ended_by, u.last_sign_in_at, u."createdAt" as created_at
from auth_user u
left join lateral (
	select created_at, expires_at, ended_by from account_link
	where user_id = u."id" and purpose = 'activate'
	order by created_at desc limit 1
) l on true;

-- How far an account reaches, by which is decided who may read a mail that opens it.
create view v_account_reach as
select user_id, count(*)::integer as organizations, bool_or(role = 'super_admin') as is_super_admin
from membership group by user_id;
