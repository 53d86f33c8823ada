-- How far accounts reach, what is known of how they are kept, and what others than their owner know of them.

create or replace view v_account_reach as
select user_id, count(*)::integer as organizations, bool_or(role = 'super_admin') as is_super_admin
from v_membership group by user_id;

-- Accounts that are asked for a second factor.
create view v_second_factor as
select user_id from second_factor where confirmed_at is not null;

-- Whether an Admin read the mail that holds the link, and so can be who used it.
alter table account_link add column was_read boolean not null default false;
-- Whether the password was set by such a link, and nobody signed in has changed it since.
alter table auth_user add column is_password_shared boolean not null default false;
