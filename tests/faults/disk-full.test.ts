import { expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { PageRequests } from './page-requests.ts';
import { SmallFileSystem } from './small-file-system.ts';

const roomBytes = 256 * 1024 * 1024;

test.runIf(SmallFileSystem.isPossible)(
	'while the disk is full nothing is acknowledged and pages are answered; with room all goes on by itself (as root on Linux)',
	async (context) => {
		const { product, fleet } = await startUnderFault(context, {
			deviceIds: fleetIds(50),
			database: 'embedded',
			roomBytes,
		});
		const cookie = await product.signIn();
		await fleet.eachAcknowledged(3);
		const requests = new PageRequests(product, cookie);

		const nothingIsAcknowledgedFor = async (answers: number): Promise<void> => {
			const acknowledgedBefore = fleet.acknowledged;
			await requests.answered(answers);
			expect(fleet.acknowledged).toBe(acknowledgedBefore);
		};
		// PostgreSQL finds some more room here and there until it is really out of it.
		await until(async () => {
			await product.room?.fill();
			await nothingIsAcknowledgedFor(10);
			expect(product.said()).toMatch(/No space left on device/);
		}, 60_000);
		await until(async () => {
			await product.room?.fill();
			await nothingIsAcknowledgedFor(30);
		}, 60_000);
		const signIn = await product.signIn().catch((error: unknown) => String(error));
		expect(signIn).toMatch(/=|answered 503: .*database_(full|unavailable)/);

		await product.room?.makeRoom();
		await fleet.eachAcknowledged(5);
		await product.healthBecomes(200);
		await requests.stop();
		requests.expectInTime();
		await fleet.allConnected();
		await fleet.finish();
	},
);
