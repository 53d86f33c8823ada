import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { until } from '../../../tests/harness/until.ts';
import type { BatchResult } from '../batch.ts';
import { blankSnapshot } from '../snapshot.ts';
import { LaneStore } from './commit.ts';

const patienceMs = 100;

let db: TestDatabase;
beforeAll(async () => {
	db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a database that is slower than the patience gets its work done all the same', async () => {
	await db.pool.query(
		`create function take_time() returns trigger language plpgsql
			as $$ begin perform pg_sleep(1.5); return null; end $$;
		create trigger slow after insert on device_state execute function take_time()`,
	);
	const store = new LaneStore(db.url, 0, patienceMs);
	const device = {
		deviceNo: 1,
		organizationNo: 1,
		dealerNo: null,
		customerNo: null,
		family: 'ev' as const,
		vehicleNo: null,
	};
	const batch: BatchResult = {
		readings: [],
		snapshots: [blankSnapshot(device)],
		facts: [],
		parked: [],
		unparked: [],
		lateWindows: [],
	};
	await expect(store.commit(batch)).rejects.toThrow();
	await until(() => store.commit(batch));
	const { rows } = await db.pool.query('select device_no from device_state');
	expect(rows).toEqual([{ device_no: 1 }]);
	store.disconnect();
});
