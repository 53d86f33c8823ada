import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ReadingsPartitions } from '#ingest/store/partitions.ts';
import { createPool, type DatabasePool, sqlState } from '#platform/database/connect.ts';
import {
	type EmbeddedPostgres,
	serverRole,
	startEmbeddedPostgres,
} from '#platform/database/embedded.ts';
import { migrate } from '#platform/database/migrate.ts';
import { handOver } from '#platform/database/server-role.ts';
import { startJobs } from '#platform/jobs.ts';
import { createLog } from '#platform/log.ts';
import { createTestFolder, type TestFolder } from '../../../../tests/harness/folder.ts';
import { migrationsFolder } from '../../../../tests/harness/installation.ts';
import { auditTable } from './index.ts';

const log = createLog('silent');
const dayMs = 86_400_000;
const longAgoMs = Date.UTC(2026, 0, 10);
const insufficientPrivilege = '42501';
const entry = `insert into audit_entry (organization_no, user_id, user_email, acting_as, action, subject_kind, subject_id,
	ip, request_id) values (1, 'u', 'asha@example.org', 'admin', 'device.edit', 'device', 'EV-1', '192.0.2.1', 'r')`;

let folder: TestFolder;
let postgres: EmbeddedPostgres;
let owner: DatabasePool;
let server: DatabasePool;

// An installation whose server worked as the owner of everything, until now.
beforeAll(async () => {
	folder = await createTestFolder();
	postgres = await startEmbeddedPostgres({ dir: join(folder.path, 'postgres'), log });
	owner = createPool(postgres.url, 'test', 2);
	server = createPool(postgres.serverUrl, 'test', 2);
	await migrate(owner, migrationsFolder);
	await new ReadingsPartitions(owner).ensure([longAgoMs]);
	const jobs = await startJobs({ databaseUrl: postgres.url, log });
	await jobs.every('upkeep', '0 0 1 1 *', async () => {});
	await jobs.stop();
	await owner.query(entry);
	await handOver(owner, serverRole, [auditTable]);
});
afterAll(async () => {
	await Promise.all([owner.close(), server.close()]);
	await postgres.stop();
	await folder.remove();
});

async function entries(): Promise<unknown[]> {
	return (await owner.query('select * from public.audit_entry order by audit_no')).rows;
}

test.each([
	`update audit_entry set user_email = 'somebody@example.org'`,
	'delete from audit_entry',
	'truncate audit_entry',
	'truncate audit_entry cascade',
	'drop table audit_entry',
	'drop table audit_entry cascade',
	'drop schema public cascade',
	'alter table audit_entry disable trigger all',
	'alter table audit_entry disable trigger audit_entry_append_only',
	'drop trigger audit_entry_append_only on audit_entry',
	'create or replace function refuse_audit_change() returns trigger language plpgsql as $$ begin return null; end $$',
	'drop function refuse_audit_change cascade',
	'alter table audit_entry drop column user_email',
	'alter table audit_entry rename to forgotten',
	'alter table audit_entry set schema pgboss',
	`alter table audit_entry owner to ${serverRole}`,
	`grant update on audit_entry to ${serverRole}; update audit_entry set ip = ''`,
	'create rule forget as on insert to audit_entry do instead nothing',
	`create function forget() returns trigger language plpgsql as $$ begin return null; end $$;
		create trigger forget before insert on audit_entry for each row execute function forget()`,
	'alter table audit_entry enable row level security',
	'create policy none on audit_entry using (false)',
	'alter sequence audit_entry_audit_no_seq restart',
	`select setval('audit_entry_audit_no_seq', 1)`,
	'do $$ begin lock table audit_entry in access exclusive mode; end $$',
	'create index on audit_entry (ip)',
	'create table follows (audit_no bigint references audit_entry on delete cascade)',
	entry
		.replace('(organization_no', '(at, organization_no')
		.replace('values (', `values ('2020-01-01', `),
	entry
		.replace('values', 'overriding system value values')
		.replace('(organization_no', '(audit_no, organization_no')
		.replace('values (1', 'values (1, 1'),
	'set role quarterdeck',
	'set session authorization quarterdeck',
	'set session_replication_role = replica',
	'alter role quarterdeck nosuperuser',
	`alter role ${serverRole} superuser`,
	`update pg_class set relowner = '${serverRole}'::regrole where relname = 'audit_entry'`,
	`copy audit_entry from program 'true'`,
	`delete from schema_migration`,
])('the server’s role cannot: %s', async (statement) => {
	const before = await entries();
	const error: unknown = await server.query(statement).then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(sqlState(error), String(error)).toBe(insufficientPrivilege);
	expect(await entries()).toEqual(before);
});

test('what it may do it does: add an entry, and read them all', async () => {
	const before = await entries();
	await server.query(entry);
	const { rows } = await server.query('select * from audit_entry order by audit_no');
	expect(rows).toHaveLength(before.length + 1);
	expect(rows.at(-1)).toMatchObject({ user_email: 'asha@example.org', at: expect.any(Date) });
	expect(Math.abs(rows.at(-1).at.getTime() - Date.now())).toBeLessThan(dayMs);
});

test('everything else that there was is its own: days of readings come and go, jobs go on', async () => {
	const days = new ReadingsPartitions(server);
	await days.makeAhead(longAgoMs + 5 * dayMs);
	expect(await days.dropBefore(longAgoMs + 2 * dayMs)).toEqual(['readings_2026_01_10']);
	const jobs = await startJobs({ databaseUrl: postgres.serverUrl, log });
	await jobs.every('upkeep', '0 0 1 1 *', async () => {});
	await jobs.every('another', '0 0 1 1 *', async () => {});
	await jobs.stop();
	const { rows } = await owner.query<{ name: string }>(
		`select c.relname as name from pg_class c
		where c.relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace) and c.relkind in ('r', 'p', 'v')
			and pg_get_userbyid(c.relowner) <> $1 order by 1`,
		[serverRole],
	);
	expect(rows.map(({ name }) => name)).toEqual(['audit_entry', 'schema_migration']);
});

/** Statements that the owner would run where a name meant what the server's role made of it. */
const forget = 'alter table public.audit_entry disable trigger all; delete from public.audit_entry';
const returning = `returns text language sql as $$ select '${forget}' $$`;
const doing = `returns void language plpgsql as $$ begin ${forget}; end $$`;

// Each fits the owner's own statements better than what PostgreSQL has by that name.
test.each([
	['function public.format(text, name, text)', returning],
	['function public.format(text, text)', returning],
	['function public.pg_advisory_lock(text)', doing],
	['function public.pg_advisory_unlock(text)', doing],
	['schema quarterdeck', 'create table quarterdeck.schema_migration (name text, sha256 text)'],
	['schema quarterdeck', 'create table quarterdeck.audit_entry (organization_no integer)'],
])('what it makes is not taken by the owner at the next start: %s %s', async (name, body) => {
	await server.query(`create ${name} ${body}`);
	try {
		const before = await entries();
		await migrate(owner, migrationsFolder);
		await handOver(owner, serverRole, [auditTable]);
		expect(await entries()).toEqual(before);
		expect(before).not.toEqual([]);
	} finally {
		await server.query(`drop ${name} ${name.startsWith('schema') ? 'cascade' : ''}`);
	}
});

test('handed over again, only what is new changes hands', async () => {
	await owner.query('create table brand_new (new_no integer generated always as identity)');
	await handOver(owner, serverRole, [auditTable]);
	await server.query('insert into brand_new default values');
	await server.query('drop table brand_new');
	await server.query(entry);
});
