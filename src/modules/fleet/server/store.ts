import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import type { Scope } from '#contract/scope.ts';
import { liveIntervals, type Status } from '#contract/status.ts';
import { inScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import type { FleetRow } from '../contract.ts';

/** One device in scope, or undefined. */
export async function readFleetDevice(
	database: Database,
	scope: Scope,
	deviceId: string,
	nowMs: number,
): Promise<FleetRow | undefined> {
	return devices(database, scope, nowMs).where('d.device_id', '=', deviceId).executeTakeFirst();
}

/** Devices in scope by their numbers, in no particular order. */
export async function readFleetDevices(
	database: Database,
	scope: Scope,
	deviceNos: readonly number[],
	nowMs: number,
): Promise<FleetRow[]> {
	return devices(database, scope, nowMs)
		.where('d.device_no', '=', sql<number>`any(${deviceNos}::int[])`)
		.execute();
}

/**
 * Devices in scope in the order of their numbers given, portion by portion, of one consistent moment. The connection is
 * busy until the last one is taken or the loop is left.
 */
export function readFleetPortions(
	database: Database,
	client: pg.ClientBase,
	scope: Scope,
	deviceNos: Int32Array,
	nowMs: number,
	portionRows: number,
): AsyncGenerator<FleetRow[]> {
	const asked = sql<{ device_no: number; place: number }>`unnest(${`{${deviceNos}}`}::integer[])
		with ordinality`.as<'asked'>(sql`asked (device_no, place)`);
	const { sql: select, parameters } = devices(database, scope, nowMs)
		.innerJoin(asked, 'asked.device_no', 'd.device_no')
		.orderBy('asked.place')
		.compile();
	return readInPortions<FleetRow>(client, select, portionRows, parameters);
}

/** How many devices in scope are live: heard within three of their reporting intervals. */
export async function countLive(database: Database, scope: Scope, nowMs: number): Promise<number> {
	const { live } = await database
		.selectFrom('v_device as d')
		.innerJoin('device_state as s', 's.device_no', 'd.device_no')
		.where('d.retired_at', 'is', null)
		.where(inScope(scope))
		.where(
			sql<boolean>`s.last_heard_at >= ${new Date(nowMs)}::timestamptz
				- d.reporting_interval_s * ${liveIntervals}::integer * interval '1 second'`,
		)
		.select(sql<number>`count(*)::integer`.as('live'))
		.executeTakeFirstOrThrow();
	return live;
}

function devices(database: Database, scope: Scope, nowMs: number) {
	return database
		.selectFrom('v_device as d')
		.leftJoin('device_state as s', 's.device_no', 'd.device_no')
		.where('d.retired_at', 'is', null)
		.where(inScope(scope))
		.select([
			sql<number>`d.device_no`.as('deviceNo'),
			sql<string>`d.device_id`.as('deviceId'),
			'd.telematics_id as telematicsId',
			'd.name',
			sql<FleetRow['family']>`d.family`.as('family'),
			sql<FleetRow['transport']>`d.transport`.as('transport'),
			'd.vin',
			'd.registration_no as registrationNo',
			'd.model',
			'd.customer_no as customerNo',
			'd.customer_name as customerName',
			'd.customer_city as customerCity',
			'd.dealer_name as dealerName',
			sql<FleetRow['productStatus']>`d.product_status`.as('productStatus'),
			sql<number>`d.reporting_interval_s`.as('reportingIntervalSeconds'),
			statusAt(nowMs).as('status'),
			epochMs<number | null>('s.last_heard_at').as('lastHeardAtMs'),
			sql<boolean>`coalesce(s.clock_wrong, false)`.as('clockWrong'),
			's.ignition',
			's.charging',
			's.speed_kmh as speedKmh',
			's.soc_pct as socPct',
			's.range_km as rangeKm',
			's.odometer_km as odometerKm',
			's.battery_v as batteryV',
			's.signal',
			's.firmware',
			's.run_state as runState',
			's.engine_temp_c as engineTempC',
			's.total_hours as totalHours',
			's.total_kwh as totalKwh',
			's.lat',
			's.lon',
		]);
}

function statusAt(nowMs: number): RawBuilder<Status> {
	return sql<Status>`device_status(d.family, s.charging, s.ignition, s.speed_kmh, s.run_state,
		s.last_heard_at, ${new Date(nowMs)}::timestamptz)`;
}
