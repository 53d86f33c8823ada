import { describe, expect, test } from 'vitest';
import { processIdentity } from '#platform/process-identity.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { noAnswer, type ProductUnderFault } from './product-under-fault.ts';

const deviceIds = fleetIds(100);

type Step = (product: ProductUnderFault) => Promise<void>;
const outages: readonly (readonly [string, Step, Step])[] = [
	['is gone', (product) => product.stopPostgres(), (product) => product.restartPostgres()],
	['hangs', (product) => product.freezePostgres(), (product) => product.thawPostgres()],
];

describe.concurrent('a server asked to stop', () => {
	test('under load keeps what it acknowledged, leaves nothing running, and starts again', async (context) => {
		const { product, fleet } = await startUnderFault(context, { deviceIds, database: 'embedded' });
		await fleet.eachAcknowledged(5);
		const postmaster = await product.postmasterPid();
		expect(await product.endServer('SIGTERM')).toBe(0);
		expect(await processIdentity(postmaster)).toBeNull();
		await product.startServer();
		await fleet.eachAcknowledged(5);
		await fleet.finish();
		expect(product.complaintsBesides(noAnswer)).toEqual([]);
	});

	test.for(outages)('ends though its database %s', async ([, begin, end], context) => {
		const { product, fleet } = await startUnderFault(context, { deviceIds, database: 'given' });
		await fleet.eachAcknowledged(5);
		await begin(product);
		await product.healthBecomes(503);
		expect(await product.endServer('SIGTERM')).toBe(0);
		await end(product);
		await product.startServer();
		await fleet.eachAcknowledged(5);
		await fleet.finish();
	});
});
