import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Database } from '#platform/database/connect.ts';

/** What a device is fitted to and to whom it belongs. */
export interface Assignment {
	readonly vehicleNo: number | null;
	readonly customerNo: number | null;
	readonly dealerNo: number | null;
}

export interface DeviceAssignment extends Assignment {
	readonly deviceNo: number;
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
	const assign = async (transaction: Database) => {
		await lockDevices(transaction, organizationNo, [deviceNo]);
		const begun = await beginAssignments(transaction, organizationNo, [
			{ deviceNo, ...assignment },
		]);
		return begun > 0;
	};
	return database.isTransaction ? assign(database) : database.transaction().execute(assign);
}

/**
 * Keeps devices of an organization from others until the transaction ends: under this lock their assignments follow
 * one another. @throws `not_found`
 */
export async function lockDevices(
	transaction: Database,
	organizationNo: number,
	deviceNos: readonly number[],
): Promise<void> {
	// In one order for everybody, so that two who want some of the same devices do not wait for each other.
	const { rows } = await sql`
		select from device
		where organization_no = ${organizationNo} and device_no = any(${deviceNos}::integer[])
		order by device_no for update`.execute(transaction);
	if (rows.length !== new Set(deviceNos).size) throw fault('not_found', { thing: 'device' });
}

/**
 * Ends the current assignments of devices that are locked, and begins others at the same instant. One that is the same
 * already is left. @returns how many changed
 */
export async function beginAssignments(
	transaction: Database,
	organizationNo: number,
	assignments: readonly DeviceAssignment[],
): Promise<number> {
	const column = (read: (assignment: DeviceAssignment) => number | null) => assignments.map(read);
	const wanted = sql`unnest(
		${column((each) => each.deviceNo)}::integer[], ${column((each) => each.vehicleNo)}::integer[],
		${column((each) => each.customerNo)}::integer[], ${column((each) => each.dealerNo)}::integer[]
	) as w (device_no, vehicle_no, customer_no, dealer_no)`;
	// Not now(), which is the transaction's start and may lie before an assignment that was waited for.
	const { rows } = await sql<{ device_no: number; at: string }>`
		with changing as (
			select w.device_no from ${wanted}
			left join device_assignment c on c.device_no = w.device_no and upper_inf(c.during)
			where c.device_no is null or (w.vehicle_no, w.customer_no, w.dealer_no)
				is distinct from (c.vehicle_no, c.customer_no, c.dealer_no)
		), moment as (
			select device_no, (
				select greatest(clock_timestamp(), max(lower(p.during)) + interval '1 microsecond')
				from device_assignment p where p.device_no = changing.device_no
			) as at
			from changing
		), ended as (
			update device_assignment e set during = tstzrange(lower(e.during), moment.at)
			from moment where e.device_no = moment.device_no and upper_inf(e.during)
		)
		select device_no, at::text from moment
	`.execute(transaction);
	if (rows.length === 0) return 0;
	await sql`
		insert into device_assignment (
			device_no, organization_no, vehicle_no, customer_no, dealer_no, during
		)
		select w.device_no, ${organizationNo}, w.vehicle_no, w.customer_no, w.dealer_no, tstzrange(m.at, null)
		from ${wanted} join unnest(
			${rows.map((row) => row.device_no)}::integer[], ${rows.map((row) => row.at)}::timestamptz[]
		) as m (device_no, at) using (device_no)
	`.execute(transaction);
	return rows.length;
}
