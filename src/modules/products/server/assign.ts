import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Database } from '#platform/database/connect.ts';

/** What a device is fitted to and to whom it belongs. */
export interface Assignment {
	readonly vehicleNo: number | null;
	readonly customerNo: number | null;
	readonly dealerNo: number | null;
}

/**
 * Ends a device's current assignment and begins another at the same instant. Nothing happens when it is the same.
 * Inside a transaction of the caller it becomes part of it; the caller then says that the device changed.
 * @returns whether anything changed
 * @throws `not_found` when the organization has no such device
 */
export async function assignDevice(
	database: Database,
	organizationNo: number,
	deviceNo: number,
	assignment: Assignment,
): Promise<boolean> {
	const assign = (transaction: Database) =>
		beginAssignment(transaction, organizationNo, deviceNo, assignment);
	return database.isTransaction ? assign(database) : database.transaction().execute(assign);
}

async function beginAssignment(
	transaction: Database,
	organizationNo: number,
	deviceNo: number,
	assignment: Assignment,
): Promise<boolean> {
	// The device's row is the lock under which its assignments follow one another.
	const device = await transaction
		.selectFrom('device')
		.select('device_no')
		.where('organization_no', '=', organizationNo)
		.where('device_no', '=', deviceNo)
		.forUpdate()
		.executeTakeFirst();
	if (device === undefined) throw fault('not_found', { thing: 'device' });
	const current = await transaction
		.selectFrom('device_assignment')
		.select(['vehicle_no', 'customer_no', 'dealer_no'])
		.where('device_no', '=', deviceNo)
		.where(sql<boolean>`upper_inf(during)`)
		.executeTakeFirst();
	if (
		current !== undefined &&
		current.vehicle_no === assignment.vehicleNo &&
		current.customer_no === assignment.customerNo &&
		current.dealer_no === assignment.dealerNo
	)
		return false;
	// Not now(), which is the transaction's start and may lie before an assignment that was waited for.
	const { rows } = await sql<{ at: string }>`
		with moment as (
			select greatest(clock_timestamp(), max(lower(during)) + interval '1 microsecond') as at
			from device_assignment where device_no = ${deviceNo}
		), ended as (
			update device_assignment set during = tstzrange(lower(during), (select at from moment))
			where device_no = ${deviceNo} and upper_inf(during)
		)
		select at::text from moment
	`.execute(transaction);
	await sql`
		insert into device_assignment (
			device_no, organization_no, vehicle_no, customer_no, dealer_no, during
		) values (
			${deviceNo}, ${organizationNo}, ${assignment.vehicleNo}, ${assignment.customerNo},
			${assignment.dealerNo}, tstzrange(${rows[0]?.at}::timestamptz, null)
		)
	`.execute(transaction);
	return true;
}
