-- The second factor of an account, and when a session was last seen.

create table second_factor (
	user_id text primary key references auth_user ("id") on delete cascade,
	-- The secret shared with the authenticator app, sealed with a key of the data folder.
	secret bytea not null,
	-- Null: not yet proven by a code, so not asked for.
	confirmed_at timestamptz,
	-- Time step of the last code that was taken: no code counts twice.
	last_step bigint,
	-- Tries in a row that did not succeed, and until when no further one is taken.
	failures integer not null default 0,
	blocked_until timestamptz
);

create table recovery_code (
	user_id text not null references second_factor on delete cascade,
	-- Keyed hash; a code that was used is gone.
	code_hash bytea not null,
	primary key (user_id, code_hash)
);

alter table auth_session add column "lastSeenAt" timestamptz not null default now();

-- One password for each account, and one account for each identity at a provider.
create unique index auth_account_identity on auth_account ("providerId", "accountId");
create unique index auth_account_provider on auth_account ("userId", "providerId");
