import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import { type Status, type StatusCounts, statuses } from '#contract/status.ts';
import { inScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import type { FleetQuery, FleetRow, FleetSort } from '../contract.ts';

/** The filters of the console, without the chosen statuses, order and page. */
export type FleetFilter = Pick<FleetQuery, 'q' | 'family'>;

const orders: Record<Exclude<FleetSort, 'status'>, RawBuilder<unknown>> = {
	vin: sql`coalesce(d.vin, d.name, d.device_id)`,
	last_heard: sql`s.last_heard_at`,
	soc: sql`s.soc_pct`,
	range: sql`s.range_km`,
	odometer: sql`s.odometer_km`,
	speed: sql`s.speed_kmh`,
	signal: sql`nullif(s.signal, 99)`,
	firmware: sql`s.firmware`,
	customer: sql`d.customer_name`,
	dealer: sql`d.dealer_name`,
};

/** One page of the devices in scope that match, in the asked order; ties and unknown values come in a fixed order. */
export async function readFleetPage(
	database: Database,
	scope: Scope,
	query: FleetQuery,
	nowMs: number,
): Promise<FleetRow[]> {
	const direction = sql.raw(query.direction);
	return devices(database, scope, nowMs)
		.where(matches(query))
		.$if(query.status.length > 0, (devices) => devices.where(statusAt(nowMs), 'in', query.status))
		.orderBy(sql`${orderOf(query.sort, nowMs)} ${direction} nulls last, d.device_no`)
		.limit(query.pageSize)
		.offset((query.page - 1) * query.pageSize)
		.execute();
}

/** How many devices in scope match, per status. */
export async function countFleet(
	database: Database,
	scope: Scope,
	filter: FleetFilter,
	nowMs: number,
): Promise<StatusCounts> {
	const rows = await database
		.selectFrom('v_device as d')
		.leftJoin('device_state as s', 's.device_no', 'd.device_no')
		.where('d.retired_at', 'is', null)
		.where(inScope(scope))
		.where(matches(filter))
		.select([statusAt(nowMs).as('status'), sql<number>`count(*)`.as('count')])
		.groupBy('status')
		.execute();
	const counts: StatusCounts = {
		moving: 0,
		stopped: 0,
		ignition_off: 0,
		charging: 0,
		offline: 0,
		not_communicating: 0,
	};
	for (const row of rows) counts[row.status] = row.count;
	return counts;
}

/** One device in scope, or undefined. */
export async function readFleetDevice(
	database: Database,
	scope: Scope,
	deviceId: string,
	nowMs: number,
): Promise<FleetRow | undefined> {
	return devices(database, scope, nowMs).where('d.device_id', '=', deviceId).executeTakeFirst();
}

/** Devices in scope by their numbers. */
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
			'd.customer_name as customerName',
			'd.customer_city as customerCity',
			'd.dealer_name as dealerName',
			statusAt(nowMs).as('status'),
			sql<number | null>`(extract(epoch from s.last_heard_at) * 1000)::float8`.as('lastHeardAtMs'),
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

function orderOf(sort: FleetSort, nowMs: number): RawBuilder<unknown> {
	return sort === 'status'
		? sql`array_position(${sql.lit(`{${statuses.join(',')}}`)}::text[], ${statusAt(nowMs)})`
		: orders[sort];
}

function matches({ q, family }: FleetFilter): Expression<SqlBool> {
	const isFamily = family === undefined ? sql<SqlBool>`true` : sql<SqlBool>`d.family = ${family}`;
	if (q === '') return isFamily;
	const pattern = `%${q.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
	return sql<SqlBool>`${isFamily} and concat_ws(e'\n', d.device_id, d.name, d.vin, d.telematics_id,
		d.registration_no, d.customer_name, d.customer_email, d.dealer_name, s.firmware) ilike ${pattern}`;
}
