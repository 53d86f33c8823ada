import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { createTestFolder, type TestFolder } from '../../../tests/harness/folder.ts';
import { MigrationError, migrate } from './migrate.ts';

let db: TestDatabase;
let folder: TestFolder;
beforeEach(async () => {
	db = await createTestDatabase();
	await db.pool.query('drop table schema_migration');
	folder = await createTestFolder();
});
afterEach(async () => {
	await db.drop();
	await folder.remove();
});

/** A folder with these migrations, numbered from 1. */
async function versionOf(name: string, ...migrations: string[]): Promise<string> {
	const path = join(folder.path, name);
	await mkdir(path);
	for (const [index, sql] of migrations.entries())
		await writeFile(join(path, `000${index + 1}_part.sql`), sql);
	return path;
}

const first = 'create table kept (n int); insert into kept values (1);';
const second = 'alter table kept add doubled int; update kept set doubled = n * 2;';

test('each migration is applied once', async () => {
	const version = await versionOf('today', first, second);
	expect(await migrate(db.pool, version)).toEqual(['0001_part.sql', '0002_part.sql']);
	expect(await migrate(db.pool, version)).toEqual([]);
	const { rows } = await db.pool.query('select * from kept');
	expect(rows).toEqual([{ n: 1, doubled: 2 }]);
});

test('one that fails leaves the database as it was, says so, and can be corrected', async () => {
	await migrate(db.pool, await versionOf('old', first));
	const broken = await versionOf('broken', first, second, 'select 1 / 0');
	const failure = await migrate(db.pool, broken).catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(MigrationError);
	expect(String(failure)).toContain('0003_part.sql failed (division by zero)');
	expect((await db.pool.query('select * from kept')).rows).toEqual([{ n: 1 }]);
	const corrected = await versionOf('corrected', first, second, 'select 1 / 1');
	expect(await migrate(db.pool, corrected)).toEqual(['0002_part.sql', '0003_part.sql']);
});

test('a changed file and a newer database are refused before anything is done', async () => {
	await migrate(db.pool, await versionOf('old', first));
	const changed = await versionOf('changed', `${first} -- changed`, second);
	await expect(migrate(db.pool, changed)).rejects.toThrow('0001_part.sql differs');
	await migrate(db.pool, await versionOf('new', first, second));
	const older = await versionOf('older', first);
	await expect(migrate(db.pool, older)).rejects.toThrow('made by a newer version');
});
