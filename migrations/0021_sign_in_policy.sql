-- How the members of an organization have to sign in.

-- Without a row passwords are taken, and a second factor is everybody's own business.
create table sign_in_policy (
	organization_no integer primary key references organization on delete cascade,
	requires_second_factor boolean not null,
	-- False: only the organization's provider lets members in, but for Super Admins.
	allows_password boolean not null
);

-- Another number with each client secret, so that an editor hears that somebody else replaced it.
alter table sign_in_provider add column secret_version integer not null default 1;
