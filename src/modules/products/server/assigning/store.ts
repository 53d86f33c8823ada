import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';
import { readCustomer, readDealer } from '#modules/customers/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import type { HeldDevice } from '../../contract.ts';
import { inScope } from '../scope.ts';

/** To whom a device belongs now. */
export interface Holding {
	readonly deviceNo: number;
	readonly deviceId: string;
	readonly vehicleNo: number | null;
	readonly customerNo: number | null;
	readonly customerName: string | null;
	readonly dealerNo: number | null;
	readonly dealerName: string | null;
}

/** Devices of an organization with those to whom they belong now, retired or not. */
export async function readHoldings(
	database: Database,
	organizationNo: number,
	deviceIds: readonly string[],
): Promise<Holding[]> {
	const { rows } = await sql<Holding>`
		select d.device_no as "deviceNo", d.device_id as "deviceId", d.vehicle_no as "vehicleNo",
			d.customer_no as "customerNo", d.customer_name as "customerName", d.dealer_no as "dealerNo",
			d.dealer_name as "dealerName"
		from v_device d
		where d.organization_no = ${organizationNo} and d.device_id = any(${deviceIds}::text[])
		order by d.device_no`.execute(database);
	return rows;
}

export interface HeldQuery {
	readonly customerNo?: number | undefined;
	readonly dealerNo?: number | undefined;
	readonly when: 'now' | 'before';
	readonly page: number;
	readonly pageSize: number;
}

/**
 * Devices that a customer or dealer has or had, one row for each time without a break, as far as the reader may see.
 * @throws `not_found`
 */
export async function readHeldDevices(
	database: Database,
	scope: Scope,
	{ customerNo, dealerNo, when, page, pageSize }: HeldQuery,
): Promise<{ rows: HeldDevice[]; total: number; totalIsExact: boolean }> {
	await requireOwner(database, scope, { customerNo, dealerNo });
	const isOwner =
		customerNo === undefined ? sql`a.dealer_no = ${dealerNo}` : sql`a.customer_no = ${customerNo}`;
	const periods = sql`
		with held as (
			select a.device_no, range_agg(a.during) as periods,
				(array_agg(a.vehicle_no order by a.during desc))[1] as vehicle_no
			from device_assignment a where ${isOwner} and ${inScope(scope, 'a')} group by a.device_no
		), period as (
			select h.device_no, h.vehicle_no, p.during from held h, unnest(h.periods) as p (during)
			where upper_inf(p.during) = ${when === 'now'}
		)`;
	const total = await countAll(database, sql`${periods} select from period`);
	const { rows } = await sql<HeldDevice>`
		${periods}
		select d.device_id as "deviceId", v.vin,
			case when upper_inf(p.during) then d.retired_at is not null end as "isRetired",
			${epochMs(sql`lower(p.during)`)} as "fromMs",
			${epochMs(sql`upper(p.during)`)} as "toMs"
		from period p
		join device d on d.device_no = p.device_no
		left join vehicle v on v.vehicle_no = p.vehicle_no
		order by coalesce(upper(p.during), lower(p.during)) desc, d.device_id
		limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(database);
	return { rows, total, totalIsExact: true };
}

async function requireOwner(
	database: Database,
	scope: Scope,
	{ customerNo, dealerNo }: Pick<HeldQuery, 'customerNo' | 'dealerNo'>,
): Promise<void> {
	if (customerNo !== undefined && (await readCustomer(database, scope, customerNo)) === undefined)
		throw fault('not_found', { thing: 'customer' });
	if (dealerNo !== undefined && (await readDealer(database, scope, dealerNo)) === undefined)
		throw fault('not_found', { thing: 'dealer' });
}
