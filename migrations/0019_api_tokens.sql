-- API tokens: programs that act for a member, and what they asked for once already.

create table api_token (
	token_no integer generated always as identity primary key,
	organization_no integer not null references organization on delete cascade,
	-- By which a token is looked up; the secret behind it is kept as its SHA-256 only.
	public_id text not null unique,
	secret_hash bytea not null,
	name text not null,
	-- Who owns and who issued it stay readable when the account is gone; the membership says whether it is the same.
	owner_id text not null,
	owner_membership_no integer not null,
	owner_email text not null,
	issuer_id text not null,
	issuer_membership_no integer not null,
	issuer_email text not null,
	may_control boolean not null,
	-- What the issuer could see when it was issued; it never shows more, whoever holds it.
	within_dealer_no integer,
	within_customer_nos integer[],
	-- Null: not restricted to chosen devices.
	device_nos integer[] check (cardinality(device_nos) between 1 and 1000),
	created_at timestamptz not null default now(),
	expires_at timestamptz check (expires_at is not null or not may_control),
	revoked_at timestamptz,
	revoked_by_email text,
	last_used_at timestamptz,
	last_used_ip text
);
create index api_token_created on api_token (organization_no, created_at, token_no);
create index api_token_name on api_token (organization_no, lower(name), token_no);
create index api_token_owner on api_token (organization_no, owner_email, token_no);
create index api_token_expiry on api_token (organization_no, expires_at, token_no);
create index api_token_used on api_token (organization_no, last_used_at desc nulls last, token_no desc);
create index api_token_owner_id on api_token (owner_id);
create index api_token_membership on api_token (owner_membership_no);
create index api_token_issuer_id on api_token (issuer_id);
create index api_token_text on api_token
	using gin ((name || e'\n' || owner_email || e'\n' || public_id) gin_trgm_ops);

-- Members who may be asked for as owners of tokens.
create view v_token_owner as
select m.organization_no, m.membership_no, m.user_id, u.email, u.name, m.role, m.dealer_no,
	case when not m.all_customers then array(
		select c.customer_no from membership_customer c where c.membership_no = m.membership_no
	) end as customer_nos
from membership m join auth_user u on u.id = m.user_id;

-- Replies to writes of programs that named a key: a repeat is answered with them.
create table api_idempotency (
	token_no integer not null references api_token on delete cascade,
	key text not null,
	request_hash bytea not null,
	reply jsonb not null,
	created_at timestamptz not null default now(),
	primary key (token_no, key)
);
create index api_idempotency_created on api_idempotency (created_at);

-- Whether it was done by a token, and by which.
alter table audit_entry add column token_no integer, add column token_name text;
