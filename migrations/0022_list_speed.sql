-- Lists that stay quick at a hundred thousand rows.

-- Whoever is in the audit log is found by any part of an e-mail.
create index audit_entry_person_text on audit_entry using gin (user_email gin_trgm_ops);

-- When a member first came in by this organization; what an earlier membership did does not count.
alter table membership add column came_in_at timestamptz;
update membership m set came_in_at = (
	select min(a.at) from v_arrival a
	where a.organization_no = m.organization_no and a.user_id = m.user_id and a.at >= m.created_at
);
create index membership_not_in on membership (organization_no, invited_at, membership_no)
	where invited_at is not null and came_in_at is null;

create function note_arrival() returns trigger language plpgsql as $$
begin
	update membership set came_in_at = new.at
	where organization_no = new.organization_no and user_id = new.user_id
		and came_in_at is null and created_at <= new.at;
	return null;
end $$;
create trigger audit_entry_arrival after insert on audit_entry
	for each row when (new.action in ('session.sign_in', 'account.activate'))
	execute function note_arrival();
