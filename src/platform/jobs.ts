import { PgBoss } from 'pg-boss';
import type { Log } from './log.ts';
import { waitAtMost } from './patience.ts';

/** A job that runs may take this long to end. */
const stopPatienceMs = 10_000;
const closePatienceMs = 2_000;

export interface JobsOptions {
	readonly databaseUrl: string;
	readonly log: Log;
}

export interface Jobs {
	/**
	 * Runs a handler at the times of a cron expression (UTC), once in the whole installation however many servers it
	 * has. A failed run is logged; the next one comes at its time.
	 */
	every(name: string, cron: string, handler: () => Promise<void>): Promise<void>;
	/** Waits for what runs, then stops; where the database does not answer, it is left to end with the process. */
	stop(): Promise<void>;
}

/** Starts the scheduler of recurring work, with its own tables in the schema `pgboss`. */
export async function startJobs({ databaseUrl, log }: JobsOptions): Promise<Jobs> {
	const boss = new PgBoss({
		connectionString: databaseUrl,
		application_name: 'quarterdeck-jobs',
		schema: 'pgboss',
		max: 2,
	});
	// Among others, that the database is away; pg-boss goes on by itself when it is back.
	boss.on('error', (error) => log.warn({ err: error }, 'jobs: trouble'));
	await boss.start();
	return {
		async every(name, cron, handler) {
			await boss.createQueue(name, { policy: 'singleton', retryLimit: 0 });
			await boss.work(name, async () => {
				try {
					await handler();
				} catch (error) {
					log.error({ err: error, job: name }, 'a job failed');
					throw error;
				}
			});
			await boss.schedule(name, cron);
		},
		stop: () =>
			waitAtMost(stopPatienceMs + closePatienceMs, boss.stop({ timeout: stopPatienceMs })),
	};
}
