import { expect, test, vi } from 'vitest';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';

const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

test('a commit that outlives its killed server is waited for, so that its readings count once', async (context) => {
	const { product, fleet } = await startUnderFault(
		context,
		{ deviceIds: fleetIds(4), database: 'embedded' },
		// Without a device time a repetition would be another row: no key stands in its way.
		() => ({ identity: 'sequence' }),
	);
	await fleet.eachAcknowledged(3);
	await product.letCommitsHang();
	await until(async () => expect(await product.lanesWaiting('IPC')).toBe(2));
	await product.endServer('SIGKILL');

	await product.startServer();
	await until(async () => expect(await product.lanesWaiting('Lock')).toBe(2));
	await product.letCommitsGoOn();
	await fleet.eachAcknowledged(3);
	await fleet.finish();
});
