-- Members of an organization as an Admin keeps them.

alter table membership
	-- By what the organization calls them; an account's own name is the same everywhere it belongs.
	add column name text,
	add column mis_role text not null default 'user' check (mis_role in ('admin', 'user')),
	add column user_account text not null default 'Command Centre',
	-- When the last invitation was sent; null for who never needed one.
	add column invited_at timestamptz;

update membership m set name = u."name" from auth_user u where u."id" = m.user_id;

create index membership_dealer on membership (organization_no, dealer_no) where dealer_no is not null;
create index membership_created on membership (organization_no, created_at, membership_no);
create index membership_role on membership (organization_no, role, membership_no);
create index membership_name on membership (organization_no, name, membership_no);
create index membership_invited on membership (organization_no, invited_at) where invited_at is not null;
create index membership_name_text on membership using gin (name gin_trgm_ops);
create index membership_customer_customer on membership_customer (organization_no, customer_no);
create index auth_user_email_text on auth_user using gin ("email" gin_trgm_ops);
create index audit_entry_arrival on audit_entry (organization_no, user_id, at)
	where action in ('session.sign_in', 'account.activate');

-- What other rooms may know of memberships: who, as what, narrowed to which dealer and customers (null: to none).
create view v_membership as
select
	m.membership_no, m.organization_no, m.user_id, m.name, m.role, m.mis_role, m.dealer_no,
	case when not m.all_customers then array(
		select c.customer_no from membership_customer c
		where c.membership_no = m.membership_no order by c.customer_no
	) end as customer_nos
from membership m;

create view v_membership_customer as
select organization_no, membership_no, customer_no from membership_customer;

-- The address of an account alone, for lists: what else v_account knows has to be looked up.
create view v_account_email as
select "id" as user_id, "email" as email from auth_user;

-- When members came in by which organization: they signed in, or took its invitation.
create view v_arrival as
select organization_no, user_id, at, action = 'session.sign_in' as is_sign_in
from audit_entry where action in ('session.sign_in', 'account.activate');
