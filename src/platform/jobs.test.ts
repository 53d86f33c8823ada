import { Writable } from 'node:stream';
import { PgBoss } from 'pg-boss';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/harness/database.ts';
import { openDatabaseLine } from '../../tests/harness/database-line.ts';
import { until } from '../../tests/harness/until.ts';
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

/** The schedules of this test: none of them comes while it runs. */
const leapDay = '0 0 29 2 *';
const laterOnLeapDay = '0 1 29 2 *';

test('schedules a job, runs it, and goes on after a run that failed', async () => {
	const jobs = await startJobs({ databaseUrl: db.url, log });
	let runs = 0;
	await jobs.every('tidy', leapDay, async () => {
		runs += 1;
		if (runs === 1) throw new Error('first run fails');
	});
	expect(await asker.getSchedules('tidy')).toMatchObject([{ name: 'tidy', cron: leapDay }]);
	await asker.send('tidy');
	await until(() => expect(runs).toBe(1));
	await asker.send('tidy');
	await until(() => expect(runs).toBe(2));
	await jobs.stop();

	// The next start finds its queue and schedule as they are.
	const again = await startJobs({ databaseUrl: db.url, log });
	await again.every('tidy', laterOnLeapDay, async () => {});
	expect(await asker.getSchedules('tidy')).toMatchObject([{ cron: laterOnLeapDay }]);
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
	await jobs.every('sweep', leapDay, async () => {
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
