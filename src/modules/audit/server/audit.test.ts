import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '#contract/principal.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { type AuditRecord, recordAudit } from './index.ts';

let db: TestDatabase;
beforeAll(async () => {
	db = await createTestDatabase();
});
afterAll(() => db.drop());

const principal: Principal = {
	userId: 'u1',
	credential: { kind: 'session', sessionId: 's1' },
	email: 'asha@example.org',
	name: 'Asha',
	role: 'dealer',
	misRole: 'user',
	scope: { organizationNo: 7, dealerNo: 3, customerNos: null, deviceNos: null },
	organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
};
const origin = { ip: '192.0.2.1', userAgent: null, requestId: 'r1' };
const record: AuditRecord = {
	action: 'device.edit',
	subject: { kind: 'device', id: 'EV-1' },
	before: { name: 'Old' },
	after: { name: 'New' },
};

function entries() {
	return db.database.selectFrom('audit_entry').selectAll().execute();
}

test('an entry says who did what to what, before and after, when and from where', async () => {
	await db.database
		.transaction()
		.execute((transaction) => recordAudit(transaction, principal, origin, record));
	expect(await entries()).toMatchObject([
		{
			organization_no: 7,
			user_id: 'u1',
			user_email: 'asha@example.org',
			acting_as: 'dealer',
			action: 'device.edit',
			subject_kind: 'device',
			subject_id: 'EV-1',
			before: { name: 'Old' },
			after: { name: 'New' },
			at: expect.any(Date),
			ip: '192.0.2.1',
			user_agent: null,
			request_id: 'r1',
		},
	]);
});

test('an entry goes with the change that failed', async () => {
	const before = (await entries()).length;
	const failing = db.database.transaction().execute(async (transaction) => {
		await recordAudit(transaction, principal, origin, record);
		throw new Error('the change failed');
	});
	await expect(failing).rejects.toThrow('the change failed');
	expect(await entries()).toHaveLength(before);
});

const alterations = [
	`update audit_entry set user_email = 'nobody'`,
	'delete from audit_entry',
	'truncate audit_entry',
	'delete from audit_entry where false',
	'insert into audit_entry overriding system value select * from audit_entry on conflict (audit_no) do update set ip = excluded.ip',
];

test.each(alterations)('nobody alters what was kept: %s', async (statement) => {
	await expect(db.pool.query(statement)).rejects.toThrow('the audit log is append-only');
});

test.each(alterations)('not even who claims to replicate: %s', async (statement) => {
	const client = await db.pool.connect();
	try {
		await client.query('begin');
		await client.query('set local session_replication_role = replica');
		await expect(client.query(statement)).rejects.toThrow('the audit log is append-only');
	} finally {
		await client.query('rollback');
		client.release();
	}
});
