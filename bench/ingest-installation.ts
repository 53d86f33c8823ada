import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, realpath, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { createMember } from '#modules/access/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { type RegisteredDevice, registerDevices } from '#modules/products/server/index.ts';
import { createDatabase, createPool } from '#platform/database/connect.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createLog } from '#platform/log.ts';
import { walBytes } from './ingest-stored.ts';

const checkout = join(import.meta.dirname, '..');
export const migrationsFolder = join(checkout, 'migrations');

/** tmpfs and ramfs (statfs(2)): a flush to them costs nothing and means nothing. */
const memoryFileSystems = new Set([0x01021994, 0x858458f6]);

/** A data folder of its own with an organization, a user and registered devices. */
export interface Installation {
	readonly dataDir: string;
	readonly postgresDir: string;
	readonly email: string;
	readonly password: string;
	readonly devices: readonly RegisteredDevice[];
	/** Where PostgreSQL's log stood before the first reading. */
	readonly walBytesAtStart: number;
	/** Runs PostgreSQL on the data folder while the product does not. */
	startPostgres(): Promise<EmbeddedPostgres>;
	remove(): Promise<void>;
}

/** Makes a fresh installation on a real disk, below the checkout's `.data`. */
export async function createInstallation(deviceCount: number): Promise<Installation> {
	await mkdir(join(checkout, '.data'), { recursive: true });
	const dataDir = await mkdtemp(join(checkout, '.data', 'bench-'));
	// PostgreSQL runs under an account of its own when root starts it.
	await chmod(dataDir, 0o755);
	if (memoryFileSystems.has((await statfs(dataDir)).type))
		throw new Error(`${dataDir} lies in memory; run the benchmark from a checkout on a disk.`);

	const postgresDir = join(dataDir, 'postgres');
	const email = 'bench@example.org';
	const password = randomBytes(12).toString('base64url');
	const startPostgres = (): Promise<EmbeddedPostgres> =>
		startEmbeddedPostgres({ dir: postgresDir, log: createLog('error') });

	const postgres = await startPostgres();
	const pool = createPool(postgres.url, 'bench', 4);
	try {
		await migrate(pool, migrationsFolder);
		const database = createDatabase(pool);
		const organizationNo = await createOrganization(database, {
			name: 'Bench',
			timeZone: 'UTC',
			country: 'IN',
			locale: 'en-IN',
			isDemo: false,
			hosts: [],
		});
		await createMember(database, {
			organizationNo,
			name: 'Bench',
			email,
			password,
			role: 'super_admin',
			dealerNo: null,
			customerNos: null,
		});
		const devices = await registerDevices(
			database,
			organizationNo,
			Array.from({ length: deviceCount }, (_, index) => ({
				deviceId: `BENCH-${String(index).padStart(7, '0')}`,
				telematicsId: null,
				name: null,
				simNo: null,
				family: 'ev' as const,
				transport: 'gsm' as const,
				vehicle: null,
				customerNo: null,
				dealerNo: null,
			})),
		);
		return {
			dataDir,
			postgresDir,
			email,
			password,
			devices,
			walBytesAtStart: await walBytes(pool),
			startPostgres,
			async remove() {
				await rm(await realpath(postgresDir), { recursive: true, force: true });
				await rm(dataDir, { recursive: true, force: true });
			},
		};
	} finally {
		await pool.end();
		await postgres.stop();
	}
}
