import { Writable } from 'node:stream';
import { PgBoss } from 'pg-boss';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/harness/database.ts';
import { openDatabaseLine } from '../../tests/harness/database-line.ts';
import { startJobs } from './jobs.ts';

const log = pino({ level: 'silent' });
let db: TestDatabase;
let asker: PgBoss;

beforeAll(async () => {
	db = await createTestDatabase();
	asker = new PgBoss({ connectionString: db.url, schema: 'pgboss', supervise: false });
	asker.on('error', () => {});
	await asker.start();
});
afterAll(async () => {
	await asker.stop();
	await db.drop();
});

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

test('schedules a job, runs it, and goes on after a run that failed', async () => {
	const jobs = await startJobs({ databaseUrl: db.url, log });
	let runs = 0;
	await jobs.every('tidy', '17 3 * * *', async () => {
		runs += 1;
		if (runs === 1) throw new Error('first run fails');
	});
	expect(await asker.getSchedules('tidy')).toMatchObject([{ name: 'tidy', cron: '17 3 * * *' }]);
	await asker.send('tidy');
	await until(() => expect(runs).toBe(1));
	await asker.send('tidy');
	await until(() => expect(runs).toBe(2));
	await jobs.stop();

	// The next start finds its queue and schedule as they are.
	const again = await startJobs({ databaseUrl: db.url, log });
	await again.every('tidy', '18 3 * * *', async () => {});
	expect(await asker.getSchedules('tidy')).toMatchObject([{ cron: '18 3 * * *' }]);
	await again.stop();
});

test('survives that the database is away', async () => {
	const line = await openDatabaseLine(db.url);
	let trouble = 0;
	const counted = new Writable({
		write(_chunk, _encoding, done) {
			trouble += 1;
			done();
		},
	});
	const jobs = await startJobs({
		databaseUrl: line.url,
		log: pino({ level: 'warn' }, counted),
	});
	let runs = 0;
	await jobs.every('sweep', '17 3 * * *', async () => {
		runs += 1;
	});
	await line.cut();
	await until(() => expect(trouble).toBeGreaterThan(0));
	await asker.send('sweep');
	await line.restore();
	await until(() => expect(runs).toBe(1));
	await jobs.stop();
	await line.close();
});
