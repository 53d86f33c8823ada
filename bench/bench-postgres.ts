import { join } from 'node:path';
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';

/** Works with a data folder's PostgreSQL alone, while the product does not run. */
export async function withPostgres<T>(
	dataDir: string,
	work: (url: string) => Promise<T>,
): Promise<T> {
	const postgres = await startEmbeddedPostgres({
		dir: join(dataDir, 'postgres'),
		log: createLog('error'),
	});
	try {
		return await work(postgres.url);
	} finally {
		await postgres.stop();
	}
}
