import { join } from 'node:path';
import { createPool } from '#platform/database/connect.ts';
import { startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { createTestFolder } from '../harness/folder.ts';
import { createInstallation } from '../harness/installation.ts';
import { startProduct } from '../harness/product.ts';
import { signIn } from '../harness/sign-in.ts';
import { checks } from './checks.ts';
import { World } from './world.ts';

/** Each check takes at most this many. */
const devicesPerCheck = 2;

let passed = 0;
let failed = 0;

await using parts = new AsyncDisposableStack();
try {
	await runChecks(await startWorld(parts));
} catch (error) {
	failed += 1;
	console.error(error);
} finally {
	await parts.disposeAsync();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A fresh product with registered devices and a signed-in user. */
async function startWorld(stack: AsyncDisposableStack): Promise<World> {
	const folder = await createTestFolder();
	stack.defer(() => folder.remove());
	const log = createLog('error');
	const postgres = await startEmbeddedPostgres({ dir: join(folder.path, 'postgres'), log });
	stack.defer(() => postgres.stop());
	const deviceIds = checks.flatMap((_, check) =>
		Array.from({ length: devicesPerCheck }, (_, index) => `CLIENT-${check}-${index}`),
	);
	const { email, password, devices } = await createInstallation(postgres.url, deviceIds);
	const pool = createPool(postgres.url, 'test', 2);
	stack.defer(() => pool.end());
	const product = await startProduct({
		dataDir: folder.path,
		environment: { DATABASE_URL: postgres.url, LOG_LEVEL: 'error' },
	});
	stack.defer(async () => {
		const code = await product.end('SIGTERM');
		if (code !== 0) throw new Error(`The product ended with ${code}:\n${product.said()}`);
	});
	const cookie = await signIn(product.url, email, password);
	return new World({ mqttPort: product.mqttPort, url: product.url, cookie, pool, devices });
}

async function runChecks(world: World): Promise<void> {
	for (const { name, run } of checks)
		try {
			await run(world);
			passed += 1;
			console.log(`✓ ${name}`);
		} catch (error) {
			failed += 1;
			console.log(`✗ ${name}`);
			console.error(error);
		}
}
