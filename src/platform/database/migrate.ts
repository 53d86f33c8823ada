import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { isUnavailable } from './connect.ts';

/** Number of the advisory lock that keeps two starting servers from migrating at once. */
const migrationLock = 7_203_411;

/** The installation's database and this program do not fit together; the message says what to do. */
export class MigrationError extends Error {}

// Whoever else may make something in the database must not thereby say what these statements mean: names are in full.

/**
 * Brings the database to the newest of the plain SQL files in `folder` (`0001_name.sql`, …), in the order of their names
 * and in one transaction: it ends up new, or as it was. A file that was applied must never change.
 * @returns the names of the files applied now
 * @throws MigrationError when one fails, or the database was not made by these files
 */
export async function migrate(pool: pg.Pool, folder: string): Promise<string[]> {
	const client = await pool.connect();
	try {
		await client.query('select pg_catalog.pg_advisory_lock($1::bigint)', [migrationLock]);
		try {
			return await applyMissing(client, await readMigrations(folder));
		} finally {
			// Where the connection broke, the lock went with it.
			await client
				.query('select pg_catalog.pg_advisory_unlock($1::bigint)', [migrationLock])
				.catch(() => {});
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
		`create table if not exists public.schema_migration (
			name text primary key, sha256 text not null, applied_at timestamptz not null default pg_catalog.now())`,
	);
	const { rows } = await client.query<{ name: string; sha256: string }>(
		'select name, sha256 from public.schema_migration order by name',
	);
	const applied = new Map(rows.map((row) => [row.name, row.sha256]));
	for (const name of applied.keys())
		if (!migrations.some((migration) => migration.name === name))
			throw new MigrationError(
				`The database was made by a newer version (it has ${name}). Start that version, or restore an older dump.`,
			);
	const changed = migrations.find(({ name, sha256 }) => (applied.get(name) ?? sha256) !== sha256);
	if (changed !== undefined)
		throw new MigrationError(
			`The migration ${changed.name} differs from the one this database was made with. Restore the file as it was released.`,
		);
	const missing = migrations.filter(({ name }) => !applied.has(name));
	if (missing.length === 0) return [];
	await client.query('begin');
	try {
		// Not a schema that is called like whoever migrates.
		await client.query('set local search_path = public');
		for (const migration of missing) await apply(client, migration);
		await client.query('commit');
	} catch (error) {
		if (!isUnavailable(error)) await client.query('rollback');
		throw error;
	}
	return missing.map(({ name }) => name);
}

async function apply(client: pg.PoolClient, { name, sql, sha256 }: Migration): Promise<void> {
	try {
		await client.query(sql);
		await client.query('insert into public.schema_migration (name, sha256) values ($1, $2)', [
			name,
			sha256,
		]);
	} catch (error) {
		if (isUnavailable(error)) throw error;
		throw new MigrationError(
			`The database could not be brought to this version: ${name} failed (${error instanceof Error ? error.message : String(error)}). It is as it was before. Start the version that made it, or correct what the message names and start again.`,
			{ cause: error },
		);
	}
}
