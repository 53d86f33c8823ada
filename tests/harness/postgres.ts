import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createPool } from '#platform/database/connect.ts';
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createLog } from '#platform/log.ts';
import { createTestFolder } from './folder.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** Connection string of the cluster that all test files share. */
		postgresUrl: string;
	}
}

export const templateName = 'quarterdeck_template';
const migrationsFolder = join(import.meta.dirname, '../../migrations');

/**
 * Before the first test file: one PostgreSQL for all of them, with a migrated database to copy. Durability is off; tests
 * of durability start a server of their own.
 */
export default async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
	const folder = await createTestFolder();
	const postgres = await startEmbeddedPostgres({
		dir: join(folder.path, 'postgres'),
		log: createLog('warn'),
		settings: {
			fsync: 'off',
			synchronous_commit: 'off',
			full_page_writes: 'off',
			shared_buffers: '64MB',
			max_connections: '300',
		},
	});
	await createTemplate(postgres.url);
	project.provide('postgresUrl', postgres.url);
	return async () => {
		await postgres.stop();
		await folder.remove();
	};
}

async function createTemplate(url: string): Promise<void> {
	const cluster = createPool(url, 'test', 1);
	await cluster.query(`create database ${templateName}`);
	await cluster.end();
	const template = createPool(databaseUrl(url, templateName), 'test', 1);
	await migrate(template, migrationsFolder);
	await template.end();
}

/** The same server's address with another database. */
export function databaseUrl(url: string, database: string): string {
	return url.replace(/[^/]*$/, database);
}
