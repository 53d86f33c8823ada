import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, type TestContext, test } from 'vitest';
import { maxClockAheadMs } from '#contract/device-reading.ts';
import { notCommunicatingAfterMs, type StatusCounts } from '#contract/status.ts';
import { listFleet } from '#modules/fleet/contract.ts';
import { createTestFolder } from '../harness/folder.ts';
import { until } from '../harness/until.ts';
import { fleetIds, startUnderFault } from './fleet-under-fault.ts';
import { noAnswer, type ProductUnderFault } from './product-under-fault.ts';
import type { Identity } from './reporting-device.ts';

const identities: readonly Identity[] = ['sequence and time', 'sequence', 'time', 'nothing'];
const hourMs = 3_600_000;

test("the server's clock is stepped ahead and back: nothing is lost, and states are right again", async (context) => {
	const clock = await openClock(context);
	const { product, fleet } = await startUnderFault(
		context,
		{
			deviceIds: fleetIds(40),
			database: 'embedded',
			environment: clock.environment,
		},
		(index) => ({ identity: identities[index % identities.length] ?? 'nothing' }),
	);
	await fleet.eachAcknowledged(3);
	await fleet.devices[0]?.finish();

	for (const shiftMs of [80 * hourMs, 0, -80 * hourMs, 0, 40 * 24 * hourMs, 0]) {
		await clock.step(shiftMs);
		await heardAbout(product, shiftMs);
		await fleet.eachAcknowledged(3);
		const cookie = await product.signIn();
		const silent = shiftMs > notCommunicatingAfterMs ? 1 : 0;
		await until(async () => {
			expect(await countsOf(product, cookie), `${shiftMs / hourMs} h off`).toMatchObject({
				not_communicating: silent,
				ignition_off: fleet.devices.length - silent,
			});
		}, 60_000);
	}

	await fleet.finishAtWrongTimes();
	const states = await product.query<{ device_id: string; odometer_km: number; ahead: boolean }>(
		`select d.device_id, s.odometer_km, greatest(s.last_heard_at, s.newest_at) > now() + $1 * interval '1 ms' as ahead
		from device_state s join device d using (device_no)`,
		[maxClockAheadMs],
	);
	for (const { deviceId, sent } of fleet.devices)
		expect(states).toContainEqual({ device_id: deviceId, odometer_km: sent.length, ahead: false });
	expect(product.complaintsBesides(noAnswer)).toEqual([]);
});

/** The clock of a server that is started with this environment. */
async function openClock({ onTestFinished }: TestContext) {
	const folder = await createTestFolder();
	onTestFinished(() => folder.remove());
	const path = join(folder.path, 'shift');
	const preload = pathToFileURL(join(import.meta.dirname, 'shifted-clock.ts'));
	const step = async (shiftMs: number): Promise<void> => {
		await writeFile(`${path}.new`, String(shiftMs));
		await rename(`${path}.new`, path);
	};
	await step(0);
	return { step, environment: { NODE_OPTIONS: `--import ${preload}`, SHIFTED_CLOCK: path } };
}

/** Waits until states say that they were heard just now by a clock that is so far off. */
async function heardAbout(product: ProductUnderFault, shiftMs: number): Promise<void> {
	await until(async () => {
		const heard = await product.query(
			`select from device_state where abs(extract(epoch from last_heard_at) * 1000 - $1) < 60000`,
			[Date.now() + shiftMs],
		);
		expect(heard.length).toBeGreaterThan(1);
	}, 60_000);
}

async function countsOf(product: ProductUnderFault, cookie: string): Promise<StatusCounts> {
	const answer = await fetch(new URL(listFleet.path, product.url), { headers: { cookie } });
	return listFleet.reply.parse(await answer.json()).counts;
}
