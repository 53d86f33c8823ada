import { sql } from 'kysely';
import { deviceIdPattern } from '#contract/device-topics.ts';
import type { DeviceFamily, Transport } from '#contract/family.ts';
import { fault } from '#contract/faults.ts';
import { hashDeviceKey } from '#ingest/edge/device-directory.ts';
import type { Database } from '#platform/database/connect.ts';
import { type ProductStatus, usualReportingIntervalSeconds } from '../contract.ts';
import { alreadyInUse } from './already-in-use.ts';
import { newDeviceKey } from './device-key.ts';

/** What a device is fitted to. */
export interface NewVehicle {
	readonly vin: string;
	readonly registrationNo: string | null;
	readonly model: string | null;
	readonly motorId: string | null;
	readonly bmsId: string | null;
	readonly batteryModel: string | null;
	readonly productStatus: ProductStatus;
}

export interface NewDevice {
	readonly deviceId: string;
	readonly telematicsId: string | null;
	readonly name: string | null;
	readonly simNo: string | null;
	readonly family: DeviceFamily;
	readonly transport: Transport | null;
	/** How often it reports; left out: as usual. */
	readonly reportingIntervalSeconds?: number;
	readonly vehicle: NewVehicle | null;
	readonly customerNo: number | null;
	readonly dealerNo: number | null;
	/** When it began to belong to them; left out: now. */
	readonly belongsSince?: Date;
}

export interface RegisteredDevice {
	readonly deviceNo: number;
	readonly deviceId: string;
	/** The device's password, 256 random bits as base64url; only its hash is kept, so this is the one time to note it. */
	readonly key: string;
}

/** Rows of one statement: large enough that round trips do not count, small enough for the memory of a message. */
const chunkRows = 10_000;

/**
 * Registers devices with their vehicles and their first assignment, all or none, in the order given. Inside a
 * transaction of the caller it becomes part of it; the caller then says which devices changed, after its commit.
 * @throws `already_in_use` for an id that another device or vehicle has
 */
export async function registerDevices(
	database: Database,
	organizationNo: number,
	devices: readonly NewDevice[],
): Promise<RegisteredDevice[]> {
	refuseWrongIds(devices);
	const register = async (transaction: Database) => {
		const registered: RegisteredDevice[] = [];
		for (let start = 0; start < devices.length; start += chunkRows)
			registered.push(
				...(await registerChunk(
					transaction,
					organizationNo,
					devices.slice(start, start + chunkRows),
				)),
			);
		return registered;
	};
	try {
		return database.isTransaction
			? await register(database)
			: await database.transaction().execute(register);
	} catch (error) {
		throw alreadyInUse(error) ?? error;
	}
}

function refuseWrongIds(devices: readonly NewDevice[]): void {
	for (const { deviceId } of devices)
		if (!deviceIdPattern.test(deviceId))
			throw fault('invalid_input', {
				summary: `The Device ID "${deviceId}" is not valid. Use 3 to 64 letters, digits and . _ : -`,
			});
}

async function registerChunk(
	transaction: Database,
	organizationNo: number,
	devices: readonly NewDevice[],
): Promise<RegisteredDevice[]> {
	const keys = devices.map(newDeviceKey);
	const column = (read: (device: NewDevice) => string | number | null) => devices.map(read);
	const fitted = (read: (vehicle: NewVehicle) => string | null) =>
		devices.map(({ vehicle }) => (vehicle === null ? null : read(vehicle)));
	const { rows } = await sql<{ device_no: number; device_id: string }>`
		with input as (
			select * from unnest(
				${column((device) => device.deviceId)}::text[],
				${column((device) => device.telematicsId)}::text[],
				${column((device) => device.name)}::text[],
				${column((device) => device.simNo)}::text[],
				${column((device) => device.family)}::text[],
				${column((device) => device.transport)}::text[],
				${column((device) => device.reportingIntervalSeconds ?? usualReportingIntervalSeconds)}::integer[],
				${keys.map(hashDeviceKey)}::bytea[],
				${column((device) => device.customerNo)}::integer[],
				${column((device) => device.dealerNo)}::integer[],
				${column((device) => device.belongsSince?.toISOString() ?? null)}::timestamptz[],
				${fitted((vehicle) => vehicle.vin)}::text[],
				${fitted((vehicle) => vehicle.registrationNo)}::text[],
				${fitted((vehicle) => vehicle.model)}::text[],
				${fitted((vehicle) => vehicle.motorId)}::text[],
				${fitted((vehicle) => vehicle.bmsId)}::text[],
				${fitted((vehicle) => vehicle.batteryModel)}::text[],
				${fitted((vehicle) => vehicle.productStatus)}::text[]
			) with ordinality as input (
				device_id, telematics_id, name, sim_no, family, transport, reporting_interval_s, key_hash,
				customer_no, dealer_no,
				belongs_since, vin, registration_no, model, motor_id, bms_id, battery_model, product_status, place
			)
		), new_device as (
			insert into device (
				organization_no, device_id, telematics_id, name, sim_no, family, transport,
				reporting_interval_s, key_hash
			)
			select ${organizationNo}, device_id, telematics_id, name, sim_no, family, transport,
				reporting_interval_s, key_hash
			from input order by place
			returning device_no, device_id
		), new_vehicle as (
			insert into vehicle (
				organization_no, vin, registration_no, model, motor_id, bms_id, battery_model, product_status
			)
			select
				${organizationNo}, vin, registration_no, model, motor_id, bms_id, battery_model, product_status
			from input where vin is not null order by place
			returning vehicle_no, vin
		), new_assignment as (
			insert into device_assignment (
				device_no, organization_no, vehicle_no, customer_no, dealer_no, during
			)
			select device_no, ${organizationNo}, vehicle_no, customer_no, dealer_no,
				tstzrange(coalesce(belongs_since, now()), null)
			from input join new_device using (device_id) left join new_vehicle using (vin)
		)
		select device_no, device_id from input join new_device using (device_id) order by place
	`.execute(transaction);
	return rows.map((row, index) => ({
		deviceNo: row.device_no,
		deviceId: row.device_id,
		key: keys[index] ?? '',
	}));
}
