-- What somebody who belongs to several organizations arranged in one of them is not known in another.

alter table user_preference
	drop constraint user_preference_pkey,
	add column organization_no integer references organization on delete cascade;
insert into user_preference (organization_no, user_id, key, value)
	select m.organization_no, p.user_id, p.key, p.value from user_preference p join membership m using (user_id);
delete from user_preference where organization_no is null;
alter table user_preference
	alter column organization_no set not null,
	add primary key (user_id, organization_no, key);
