import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTestDatabase } from './harness/database.ts';
import { createTestFolder } from './harness/folder.ts';
import { createInstallation } from './harness/installation.ts';
import { runProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

test('with an owner beside it the server works under a lesser role, and cannot alter the audit log', async ({
	onTestFinished,
}) => {
	const [db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	onTestFinished(async () => {
		await db.drop();
		await folder.remove();
	});
	const { email, password } = await createInstallation(db.url, ['EV-1']);
	// No superuser owns it any more, as it is with a database of somebody's own.
	const [owner, server] = ['owner', 'server'].map(
		(name) => `test_${name}_${randomBytes(6).toString('hex')}`,
	);
	const address = (role = '') => {
		const url = new URL(db.url);
		url.username = role;
		url.password = 'secret';
		return url.href;
	};
	await db.pool.query(`create role ${owner} login password 'secret'`);
	await db.pool.query(`create role ${server} login password 'secret'`);
	await db.pool.query(`grant ${server} to ${owner}`);
	const { rows } = await db.pool.query<{ statement: string }>(ownedBy, [owner]);
	for (const { statement } of rows) await db.pool.query(statement);

	const environment = { DATABASE_URL: address(server), DATABASE_OWNER_URL: address(owner) };
	const product = await startProduct({ dataDir: folder.path, environment });
	await signIn(product.url, email, password);
	const entries = await db.pool.query(`select from audit_entry where action = 'session.sign_in'`);
	expect(entries.rowCount).toBe(1);
	const held = await db.pool.query(
		`select pg_get_userbyid(relowner) as owner, has_table_privilege($1, oid, 'update') as update,
			has_table_privilege($1, oid, 'delete') as delete, has_table_privilege($1, oid, 'truncate') as truncate
		from pg_class where relname = 'audit_entry'`,
		[server],
	);
	expect(held.rows).toEqual([{ owner, update: false, delete: false, truncate: false }]);
	expect(await product.end('SIGTERM')).toBe(0);
});

const ownedBy = `
	select format('alter database %I owner to %I', current_database(), $1::text) as statement
	union all
	select format('alter %s %s owner to %I', case relkind when 'v' then 'view' else 'table' end, oid::regclass, $1::text)
	from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
		and not exists (select from pg_depend d where d.objid = pg_class.oid and d.deptype = 'e')
	union all
	select format('alter routine %s owner to %I', oid::regprocedure, $1::text)
	from pg_proc where pronamespace = 'public'::regnamespace
		and not exists (select from pg_depend d where d.objid = pg_proc.oid and d.deptype = 'e')`;

test('an owner without a server’s role: a sentence says what to do', async ({ onTestFinished }) => {
	const folder = await createTestFolder();
	onTestFinished(() => folder.remove());
	const { code, said } = await runProduct({
		dataDir: folder.path,
		environment: { DATABASE_URL: '', DATABASE_OWNER_URL: 'postgres://owner@localhost/db' },
	});
	expect(code).toBe(1);
	expect(said).toContain('needs a DATABASE_URL that names the user');
});
