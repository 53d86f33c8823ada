import { expect } from 'vitest';
import type { ProductUnderFault } from './product-under-fault.ts';
import type { ReportingDevice } from './reporting-device.ts';

/**
 * Compares what devices were told with what is stored: every acknowledged reading is there, none that can be told from
 * others is there twice, none is there that nobody sent, and each device's state is that of its newest reading.
 */
export async function expectAcknowledgedAreStored(
	product: ProductUnderFault,
	devices: readonly ReportingDevice[],
): Promise<void> {
	const copies = await readCopies(product, devices);
	const acknowledged = devices.flatMap((device) => device.acknowledged);
	const sent = new Set(devices.flatMap((device) => device.sent));
	const countedOnce = devices
		.filter((device) => device.identity !== 'nothing')
		.flatMap((device) => device.sent);
	expect(
		acknowledged.filter((name) => !copies.has(name)),
		'acknowledged, but not stored',
	).toEqual([]);
	expect(
		countedOnce.filter((name) => (copies.get(name) ?? 0) > 1),
		'stored more than once',
	).toEqual([]);
	expect(
		[...copies.keys()].filter((name) => !sent.has(name)),
		'stored, but not sent',
	).toEqual([]);
	await expectStateIsNewest(product, devices);
}

async function readCopies(
	product: ProductUnderFault,
	devices: readonly ReportingDevice[],
): Promise<Map<string, number>> {
	const rows = await product.query<{ name: string; copies: number }>(
		`select r.sensors ->> 'reading' as name, count(*) as copies
		from readings r join device d using (device_no)
		where d.device_id = any($1) and r.sensors ? 'reading' group by 1`,
		[devices.map((device) => device.deviceId)],
	);
	return new Map(rows.map(({ name, copies }) => [name, copies]));
}

async function expectStateIsNewest(
	product: ProductUnderFault,
	devices: readonly ReportingDevice[],
): Promise<void> {
	const states = await product.query<{ device_id: string; boots: unknown; differs: boolean }>(
		`select d.device_id, s.boots,
			(s.newest_at, s.odometer_km, s.sensors) is distinct from (r.at, r.odometer_km, r.sensors)
				or s.last_heard_at < r.received_at as differs
		from device d join device_state s using (device_no)
		join lateral (
			select * from readings where device_no = d.device_no order by at desc, odometer_km desc limit 1
		) r on true
		where d.device_id = any($1)`,
		[devices.map((device) => device.deviceId)],
	);
	const stateOf = new Map(states.map((state) => [state.device_id, state]));
	const reported = devices.filter((device) => device.acknowledged.length > 0);
	expect(
		reported.filter(({ deviceId }) => stateOf.get(deviceId)?.differs !== false),
		'state is not that of the newest reading',
	).toEqual([]);
	for (const { deviceId, identity, acknowledged } of reported)
		if (identity.includes('sequence'))
			expect(stateOf.get(deviceId)?.boots, deviceId).toEqual([['first', acknowledged.length]]);
}
