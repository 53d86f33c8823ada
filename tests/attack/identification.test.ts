import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../harness/database.ts';
import { startPortal } from '../harness/portal.ts';

const megabyte = 1024 * 1024;

test('cookies and hosts that nobody has are not kept', async () => {
	const db = await createTestDatabase();
	onTestFinished(() => db.drop());
	const portal = await startPortal(db);
	onTestFinished(() => portal.close());
	const long = 'x'.repeat(15_000);
	const ask = async (first: number) => {
		for (let place = first; place < first + 200; place++) {
			await portal.access.identify({ cookie: 'portal_session=one' }, `${long}${place}`);
			await portal.access.identify({ cookie: `portal_session=${long}${place}` }, 'one');
		}
	};
	await ask(0);
	const before = heapMegabytes();
	for (let block = 1; block <= 4; block++) await ask(block * 200);
	expect(heapMegabytes() - before).toBeLessThan(10);
});

/** What is in use after everything unreachable was cleared away. */
function heapMegabytes(): number {
	setFlagsFromString('--expose-gc');
	const collect: () => void = runInNewContext('gc');
	collect();
	return process.memoryUsage().heapUsed / megabyte;
}
