import assert from 'node:assert/strict';
import type { ProductUnderFault } from './product-under-fault.ts';
import type { ReportingDevice } from './reporting-device.ts';

/**
 * Compares what devices were told with what is stored: every acknowledged reading is there, none that can be told from
 * others is there twice, none is there that nobody sent, and each device's state is that of its newest reading.
 */
export async function expectStored(
	product: ProductUnderFault,
	devices: readonly ReportingDevice[],
): Promise<void> {
	await expectStoredOnce(product, devices);
	await expectStateIsNewest(product, devices);
}

/** The same without the state. */
export async function expectStoredOnce(
	product: ProductUnderFault,
	devices: readonly ReportingDevice[],
): Promise<void> {
	const copies = await readCopies(product, devices);
	const acknowledged = devices.flatMap((device) => device.acknowledged);
	const sent = new Set(devices.flatMap((device) => device.sent));
	const countedOnce = devices
		.filter((device) => device.identity !== 'nothing')
		.flatMap((device) => device.sent);
	expectNone(
		'acknowledged, but not stored',
		acknowledged.filter((name) => !copies.has(name)),
	);
	expectNone(
		'stored more than once',
		countedOnce.filter((name) => (copies.get(name) ?? 0) > 1),
	);
	expectNone(
		'stored, but not sent',
		[...copies.keys()].filter((name) => !sent.has(name)),
	);
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
	expectNone(
		'state is not that of the newest reading',
		reported
			.filter(({ deviceId }) => stateOf.get(deviceId)?.differs !== false)
			.map(({ deviceId }) => deviceId),
	);
	for (const { deviceId, identity, acknowledged } of reported)
		if (identity.includes('sequence'))
			assert.deepEqual(stateOf.get(deviceId)?.boots, [['first', acknowledged.length]], deviceId);
}

function expectNone(what: string, names: readonly string[]): void {
	assert.deepEqual(names, [], `${names.length} ${what}: ${names.slice(0, 10).join(', ')}`);
}
