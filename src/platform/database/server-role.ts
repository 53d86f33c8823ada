import type pg from 'pg';

/** What the server's role may do with a table that the owner keeps. */
export interface KeptTable {
	readonly name: string;
	readonly privileges: readonly ('select' | 'insert')[];
	/** Columns that the database alone fills. */
	readonly databaseColumns: readonly string[];
}

/**
 * Hands everything that the migrations made to the role under which the server works, except the tables kept back with
 * their functions: of these it gets the named privileges and no more. It owns neither the database nor the schema, so that
 * it cannot drop what is kept. Asked again, it hands over what is new.
 * @param owner connections of a role that may give its objects away, as a superuser may
 */
export async function handOver(
	owner: pg.Pool,
	serverRole: string,
	kept: readonly KeptTable[],
): Promise<void> {
	const client = await owner.connect();
	try {
		// The server's role makes tables in these schemas, and could make functions: none of them is to be run here.
		await client.query('set search_path = pg_catalog');
		await handOverBy(client, serverRole, kept);
	} finally {
		client.release(true);
	}
}

async function handOverBy(
	client: pg.ClientBase,
	serverRole: string,
	kept: readonly KeptTable[],
): Promise<void> {
	const { rows } = await client.query<{ statement: string }>(handingOver, [
		serverRole,
		[...kept.map(({ name }) => name), 'schema_migration'],
	]);
	// One by one: a lock on every partition at once would be more than PostgreSQL keeps room for.
	for (const { statement } of rows) await client.query(statement);
	for (const { name, privileges, databaseColumns } of kept) {
		const table = `public.${name}`;
		const { rows: columns } = await client.query<{ name: string }>(
			`select quote_ident(attname) as name from pg_attribute
			where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> all ($2)`,
			[table, databaseColumns],
		);
		const insert = `insert (${columns.map((column) => column.name).join(', ')})`;
		const granted = privileges.map((each) => (each === 'insert' ? insert : each));
		await client.query(`revoke all on ${table} from "${serverRole}", public`);
		await client.query(`grant ${granted.join(', ')} on ${table} to "${serverRole}"`);
	}
}

/** Statements that hand over what the server's role does not own yet. */
const handingOver = `
	with schemas as (
		select oid, nspname from pg_namespace where nspname in ('public', 'pgboss')
	), kept as (
		select c.oid from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any($2::text[])
	), kept_functions as (
		select t.tgfoid as oid from pg_trigger t join kept k on k.oid = t.tgrelid
	), extensions as (
		select objid as oid, classid from pg_depend where deptype = 'e'
	)
	select format('grant connect, create, temporary on database %I to %I', current_database(), $1::text) as statement
	union all
	select format('grant usage, create on schema public to %I', $1::text)
	union all
	select format('alter schema %I owner to %I', n.nspname, $1::text) from pg_namespace n
	where n.nspname = 'pgboss' and pg_get_userbyid(n.nspowner) <> $1::text
	union all
	select format('alter %s %s owner to %I',
		case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
		c.oid::regclass, $1::text)
	from pg_class c join schemas s on s.oid = c.relnamespace
	where c.relkind in ('r', 'p', 'v', 'm', 'S') and pg_get_userbyid(c.relowner) <> $1::text
		and c.oid not in (select oid from kept)
		and not exists (select from extensions e where e.oid = c.oid and e.classid = 'pg_class'::regclass)
		-- A sequence that belongs to a column goes with its table.
		and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass
			and d.deptype in ('a', 'i') and c.relkind = 'S')
	union all
	select format('alter routine %s owner to %I', p.oid::regprocedure, $1::text)
	from pg_proc p join schemas s on s.oid = p.pronamespace
	where pg_get_userbyid(p.proowner) <> $1::text and p.oid not in (select oid from kept_functions)
		and not exists (select from extensions e where e.oid = p.oid and e.classid = 'pg_proc'::regclass)
	union all
	select format('alter type %s owner to %I', t.oid::regtype, $1::text)
	from pg_type t join schemas s on s.oid = t.typnamespace
	where t.typtype in ('e', 'd') and pg_get_userbyid(t.typowner) <> $1::text
		and not exists (select from extensions e where e.oid = t.oid and e.classid = 'pg_type'::regclass)`;
