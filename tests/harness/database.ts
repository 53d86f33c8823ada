import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase, createPool, type Database } from '#platform/database/connect.ts';
import { databaseUrl, templateName } from './postgres.ts';

export interface TestDatabase {
	readonly url: string;
	readonly pool: pg.Pool;
	readonly database: Database;
	/** Ends the pool and removes the database; connections that others left open are closed. */
	drop(): Promise<void>;
}

/** A migrated database for one test file or test, with nothing in it. */
export async function createTestDatabase(): Promise<TestDatabase> {
	const name = `test_${randomBytes(8).toString('hex')}`;
	await onCluster(`create database ${name} template ${templateName}`);
	const url = databaseUrl(inject('postgresUrl'), name);
	const pool = createPool(url, 'test', 10);
	return {
		url,
		pool,
		database: createDatabase(pool),
		async drop() {
			await pool.end();
			await onCluster(`drop database ${name} with (force)`);
		},
	};
}

async function onCluster(sql: string): Promise<void> {
	const client = new pg.Client({ connectionString: inject('postgresUrl') });
	await client.connect();
	try {
		await client.query(sql);
	} finally {
		await client.end();
	}
}
