import { sql } from 'kysely';
import type { FieldName, SensorValue } from '#contract/device-reading.ts';
import { fieldNames } from '#contract/device-reading.ts';
import type { Scope } from '#contract/scope.ts';
import { inScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { type DeviceDetails, type DeviceHealth, lateAfterSeconds } from '../contract.ts';
import type { StateWord } from './device-state.ts';
import { isVisible, type VisibleDevice } from './visible-device.ts';

/** A device with its state, but for the status. */
export type StoredDevice = Omit<DeviceDetails, 'state'> & { readonly state: StateWord };

/** One device in scope, or undefined. */
export async function readDevice(
	database: Database,
	scope: Scope,
	device: { readonly deviceId: string } | { readonly deviceNo: number },
): Promise<StoredDevice | undefined> {
	const row = await database
		.selectFrom('v_device as d')
		.leftJoin('device_state as s', 's.device_no', 'd.device_no')
		.where('d.retired_at', 'is', null)
		.where(inScope(scope))
		.where(
			'deviceId' in device
				? sql<boolean>`d.device_id = ${device.deviceId}`
				: sql<boolean>`d.device_no = ${device.deviceNo}`,
		)
		.select([
			sql<number>`d.device_no`.as('deviceNo'),
			sql<string>`d.device_id`.as('deviceId'),
			'd.telematics_id as telematicsId',
			'd.name',
			sql<DeviceDetails['family']>`d.family`.as('family'),
			sql<DeviceDetails['transport']>`d.transport`.as('transport'),
			sql<number>`d.reporting_interval_s`.as('reportingIntervalSeconds'),
			'd.vin',
			'd.registration_no as registrationNo',
			'd.model',
			'd.motor_id as motorId',
			'd.bms_id as bmsId',
			'd.customer_name as customerName',
			'd.customer_city as place',
			'd.dealer_name as dealerName',
			's.last_heard_at',
			's.newest_at',
			's.clock_wrong',
			's.position_at',
			's.power_at',
			's.vehicle_at',
			's.engine_at',
			sql<Record<string, SensorValue> | null>`s.sensors`.as('sensors'),
			...fieldNames.map((name) => `s.${name} as value_${name}` as const),
		])
		.executeTakeFirst();
	if (row === undefined) return undefined;
	const values: Partial<Record<FieldName, SensorValue>> = {};
	for (const name of fieldNames) {
		const value = row[`value_${name}`];
		if (value !== null) values[name] = value;
	}
	return {
		deviceNo: row.deviceNo,
		deviceId: row.deviceId,
		telematicsId: row.telematicsId,
		name: row.name,
		family: row.family,
		transport: row.transport,
		reportingIntervalSeconds: row.reportingIntervalSeconds,
		vin: row.vin,
		registrationNo: row.registrationNo,
		model: row.model,
		motorId: row.motorId,
		bmsId: row.bmsId,
		customerName: row.customerName,
		place: row.place,
		dealerName: row.dealerName,
		state: {
			deviceNo: row.deviceNo,
			lastHeardAtMs: epochMs(row.last_heard_at),
			newestAtMs: epochMs(row.newest_at),
			clockWrong: row.clock_wrong ?? false,
			positionAtMs: epochMs(row.position_at),
			powerAtMs: epochMs(row.power_at),
			vehicleAtMs: epochMs(row.vehicle_at),
			engineAtMs: epochMs(row.engine_at),
			values,
			sensors: row.sensors ?? {},
		},
	};
}

function epochMs(at: Date | null): number | null {
	return at === null ? null : at.getTime();
}

const hourMs = 3_600_000;

/** How regularly a device reported in the last hour and day, as far as the reader may see. */
export async function readHealth(
	database: Database,
	device: VisibleDevice,
	nowMs: number,
): Promise<DeviceHealth> {
	const since = (ageMs: number) => new Date(nowMs - ageMs);
	const isLate = sql<boolean>`received_at - at > ${lateAfterSeconds} * interval '1 second'`;
	const { rows } = await sql<DeviceHealth>`
		select
			count(*) filter (where at >= ${since(hourMs)})::int as "readingsLastHour",
			count(*) filter (where ${isLate})::int as "lateReadings",
			extract(epoch from max(received_at - at) filter (where ${isLate}))::float8 as "longestDelaySeconds"
		from readings
		where device_no = ${device.deviceNo} and at >= ${since(24 * hourMs)} and ${isVisible(device, sql.ref('at'))}
	`.execute(database);
	return rows[0] ?? { readingsLastHour: 0, lateReadings: 0, longestDelaySeconds: null };
}
