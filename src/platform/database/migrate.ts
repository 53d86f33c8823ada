import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';

/** Number of the advisory lock that keeps two starting servers from migrating at once. */
const migrationLock = 7_203_411;

/** The installation's database and this program do not fit together; the message says what to do. */
export class MigrationError extends Error {}

/**
 * Brings the database to the newest of the plain SQL files in `folder` (`0001_name.sql`, …), each in a transaction of
 * its own, in the order of their names. A file that was applied must never change.
 * @returns the names of the files applied now
 */
export async function migrate(pool: pg.Pool, folder: string): Promise<string[]> {
	const client = await pool.connect();
	try {
		await client.query('select pg_advisory_lock($1)', [migrationLock]);
		try {
			return await applyMissing(client, await readMigrations(folder));
		} finally {
			await client.query('select pg_advisory_unlock($1)', [migrationLock]);
		}
	} finally {
		client.release();
	}
}

interface Migration {
	readonly name: string;
	readonly sql: string;
	readonly sha256: string;
}

async function readMigrations(folder: string): Promise<Migration[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
	return Promise.all(
		names.map(async (name) => {
			const sql = await readFile(join(folder, name), 'utf8');
			return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
		}),
	);
}

async function applyMissing(client: pg.PoolClient, migrations: Migration[]): Promise<string[]> {
	await client.query(
		`create table if not exists schema_migration (
			name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
	);
	const { rows } = await client.query<{ name: string; sha256: string }>(
		'select name, sha256 from schema_migration order by name',
	);
	const applied = new Map(rows.map((row) => [row.name, row.sha256]));
	for (const name of applied.keys())
		if (!migrations.some((migration) => migration.name === name))
			throw new MigrationError(
				`The database was made by a newer version (it has ${name}). Start that version, or restore an older dump.`,
			);
	const missing: string[] = [];
	for (const migration of migrations) {
		const sha256 = applied.get(migration.name);
		if (sha256 === migration.sha256) continue;
		if (sha256 !== undefined)
			throw new MigrationError(
				`The migration ${migration.name} differs from the one this database was made with. Restore the file as it was released.`,
			);
		await client.query('begin');
		try {
			await client.query(migration.sql);
			await client.query('insert into schema_migration (name, sha256) values ($1, $2)', [
				migration.name,
				migration.sha256,
			]);
			await client.query('commit');
		} catch (error) {
			await client.query('rollback');
			throw error;
		}
		missing.push(migration.name);
	}
	return missing;
}
