-- The secret of another app, to which a second factor in force moves once a code has proven that the app has it.
alter table second_factor add column next_secret bytea;
