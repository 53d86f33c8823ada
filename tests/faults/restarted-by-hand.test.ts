import { describe, expect, test } from 'vitest';
import { processIdentity } from '#platform/process-identity.ts';
import { until } from '../harness/until.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';

const deviceIds = fleetIds(100);

describe.concurrent('somebody restarts PostgreSQL under load', () => {
	test.for(['SIGINT', 'SIGTERM', 'SIGQUIT'] as const)(
		"the product's own, stopped by %s: it is started again",
		async (signal, context) => {
			const { product, fleet } = await startUnderFault(context, {
				deviceIds,
				database: 'embedded',
			});
			await fleet.eachAcknowledged(5);
			const before = await product.postmasterPid();
			process.kill(before, signal);
			if (signal === 'SIGTERM') {
				// A smart shutdown lets the sessions there are go on until they end; whoever is impatient asks again.
				await fleet.eachAcknowledged(5);
				if ((await processIdentity(before)) !== null) process.kill(before, 'SIGINT');
			}
			await until(async () => expect(await product.postmasterPid()).not.toBe(before), 60_000);
			await fleet.eachAcknowledged(5);
			await product.healthBecomes(200);
			await fleet.finish();
			expect(product.complaints()).toContain('PostgreSQL is not running; starting it again');
		},
	);

	test('one that was given, two times', async (context) => {
		const { product, fleet } = await startUnderFault(context, { deviceIds, database: 'given' });
		for (let restart = 1; restart <= 2; restart++) {
			await fleet.eachAcknowledged(5);
			await product.stopPostgres();
			await product.restartPostgres();
		}
		await fleet.eachAcknowledged(5);
		await product.healthBecomes(200);
		await fleet.finish();
	});
});
