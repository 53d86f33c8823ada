import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DeviceFamily } from '#contract/family.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { type RegisteredDevice, registerDevices } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createDatabase, createPool } from '#platform/database/connect.ts';
import { migrate } from '#platform/database/migrate.ts';

export const migrationsFolder = join(import.meta.dirname, '../../migrations');

/** An organization with a Super Admin and devices that may connect. */
export interface Installation {
	readonly organizationNo: number;
	readonly email: string;
	readonly password: string;
	readonly devices: readonly RegisteredDevice[];
}

/** Sets up an empty database, before a product starts on it. */
export async function createInstallation(
	databaseUrl: string,
	deviceIds: readonly string[],
	familyOf: (deviceId: string) => DeviceFamily = () => 'ev',
): Promise<Installation> {
	const email = 'operator@example.org';
	const password = randomBytes(12).toString('base64url');
	const pool = createPool(databaseUrl, 'test', 4);
	try {
		await migrate(pool, migrationsFolder);
		const database = createDatabase(pool);
		const organizationNo = await createOrganization(database, {
			name: 'Harbour Fleet',
			timeZone: 'UTC',
			country: 'IN',
			locale: 'en-IN',
			isDemo: false,
			hosts: [],
		});
		await createMember(database, {
			organizationNo,
			name: 'Operator',
			email,
			password,
			role: 'super_admin',
			dealerNo: null,
			customerNos: null,
		});
		const devices = await registerDevices(
			database,
			organizationNo,
			deviceIds.map((deviceId) => ({
				deviceId,
				telematicsId: null,
				name: null,
				simNo: null,
				family: familyOf(deviceId),
				transport: 'gsm' as const,
				vehicle: null,
				customerNo: null,
				dealerNo: null,
			})),
		);
		return { organizationNo, email, password, devices };
	} finally {
		await pool.end();
	}
}
