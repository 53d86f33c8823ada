-- Where the people of an organization sign in besides here: its OpenID Connect provider.

create table sign_in_provider (
	organization_no integer primary key references organization on delete cascade,
	-- What the button on the sign-in page says.
	label text not null,
	issuer text not null,
	client_id text not null,
	-- Sealed with a key of the data folder.
	client_secret bytea not null,
	-- E-mail domains that may come in; none: any.
	domains text[] not null default '{}',
	is_enabled boolean not null
);

-- For a session that an organization's provider vouched for: it is good for nothing but this organization.
alter table auth_session add column "organizationNo" integer
	references organization on delete cascade;
