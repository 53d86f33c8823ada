import { expect, test } from 'vitest';
import { connectionLimit } from '../../bench/load/generator.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { HealthWatch } from './health-watch.ts';
import { Storm } from './storm.ts';

const stormSize = Math.min(5_000, connectionLimit());
const patienceMs = 120_000;

test('very many devices come back at once: all are taken in, nobody else is pushed out', async (context) => {
	const stormIds = Array.from({ length: stormSize }, (_, index) => `STORM-${index + 1}`);
	const deviceIds = fleetIds(20);
	const { product, fleet } = await startUnderFault(
		context,
		{ deviceIds: [...deviceIds, ...stormIds], database: 'embedded' },
		undefined,
		deviceIds,
	);
	const storm = new Storm(product, stormIds);
	context.onTestFinished(() => storm.end());
	await storm.connect(patienceMs);
	await storm.report(patienceMs);

	await product.endServer('SIGKILL');
	await product.startServer();
	const health = new HealthWatch(product);
	const afterRestartMs = await storm.reconnected(patienceMs);
	await storm.report(patienceMs);
	await fleet.eachAcknowledged(1);
	const breaksBefore = fleet.breaks;
	const afterBreakMs = await storm.breakConnections(patienceMs);
	await storm.report(patienceMs);
	await fleet.eachAcknowledged(3);
	const { answers, slowestMs } = await health.stop();
	console.log(
		`${stormSize} devices were back ${Math.round(afterRestartMs)} ms after the server was, and ${Math.round(afterBreakMs)} ms after all connections broke; /health answered ${answers} times, after ${Math.round(slowestMs)} ms at most`,
	);

	expect(fleet.breaks).toBe(breaksBefore);
	await fleet.allConnected(stormSize);
	await storm.expectStored(product);
	await fleet.finish();
});
