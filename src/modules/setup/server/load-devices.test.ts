import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashDeviceKey } from '#ingest/edge/device-directory.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { credentialsSchema } from '#simulator/credentials.ts';
import { createTestDatabase } from '../../../../tests/harness/database.ts';
import { createTestFolder } from '../../../../tests/harness/folder.ts';
import { registerLoadDevices } from './load-devices.ts';

test('load devices are registered, again and again, with keys that the simulator reads', async () => {
	const db = await createTestDatabase();
	const folder = await createTestFolder();
	const organizationNo = await createOrganization(db.database, {
		name: 'Harbour Fleet',
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts: [],
	});
	const path = join(folder.path, 'load-devices.json');
	await registerLoadDevices(db.database, organizationNo, 20, path, Date.now());
	await registerLoadDevices(db.database, organizationNo, 50, path, Date.now());
	expect((await stat(path)).mode & 0o777).toBe(0o600);
	const { devices } = credentialsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
	expect(devices).toHaveLength(50);
	for (const { deviceId, key } of devices) {
		const { rows } = await db.pool.query('select key_hash from device where device_id = $1', [
			deviceId,
		]);
		expect(rows).toEqual([{ key_hash: hashDeviceKey(key) }]);
	}
	const { rows } = await db.pool.query(
		`select family, count(*)::int from v_device where organization_no = $1 and customer_no is null
		group by 1 order by 2 desc, 1`,
		[organizationNo],
	);
	expect(rows).toEqual([
		{ family: 'ev', count: 49 },
		{ family: 'ultra', count: 7 },
		{ family: 'unified', count: 7 },
		{ family: 'x_pro', count: 7 },
	]);
	await db.drop();
	await folder.remove();
});
