import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { FleetUnderFault, fleetIds } from './fleet-under-fault.ts';
import { ProductUnderFault } from './product-under-fault.ts';

let product: ProductUnderFault;
afterEach(() => product.close());

const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

test('a commit that outlives its killed server is waited for, so that its readings count once', async () => {
	const deviceIds = fleetIds('A', 4);
	product = await ProductUnderFault.start({ deviceIds, database: 'embedded' });
	// Without a device time a repetition would be another row: no key stands in its way.
	const fleet = new FleetUnderFault(product, deviceIds, () => ({ identity: 'sequence' }));
	onTestFinished(() => fleet.end());
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
