import { expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';

const patienceMs = 60_000;

test('a commit that outlives its killed server is waited for, so that its readings count once', async (context) => {
	const { product, fleet } = await startUnderFault(
		context,
		{ deviceIds: fleetIds(4), database: 'embedded' },
		// Without a device time a repetition would be another row: no key stands in its way.
		() => ({ identity: 'sequence' }),
	);
	await fleet.eachAcknowledged(3);
	await product.letCommitsHang();
	await until(async () => expect(await product.lanesWaiting('IPC')).toBe(2), patienceMs);
	await product.endServer('SIGKILL');

	await product.startServer();
	await until(async () => expect(await product.lanesWaiting('Lock')).toBe(2), patienceMs);
	await product.letCommitsGoOn();
	await fleet.eachAcknowledged(3);
	await fleet.finish();
});
