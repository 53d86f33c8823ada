import { sql } from 'kysely';
import type { DeviceFamily, Transport } from '#contract/family.ts';
import { Fault, fault } from '#contract/faults.ts';
import { requireWholeOrganization, type Scope } from '#contract/scope.ts';
import { hashDeviceKey } from '#ingest/edge/device-directory.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import type { Database } from '#platform/database/connect.ts';
import type { DeviceEdit, RegisteredDeviceRow } from '../../contract.ts';
import { assignDevice } from '../assign.ts';
import { newDeviceKey } from '../device-key.ts';
import { registerDevices } from '../register.ts';
import { inScope } from '../scope.ts';
import { deviceEditWords } from './rules.ts';
import { readDeviceSettings } from './settings.ts';
import { readRegisteredDevice } from './store.ts';

export interface RegistryActionOptions {
	readonly database: Database;
	/** Tells the road of devices that came, went or changed, after the commit. */
	announce(deviceNos: readonly number[]): void | Promise<void>;
	/** Ends a device's open connections. */
	disconnect(deviceNo: number): void;
}

export interface DeviceToAdd extends Omit<DeviceEdit, 'osmandAllowed'> {
	readonly deviceId: string;
	readonly telematicsId: string | null;
	readonly family: DeviceFamily;
}

/**
 * Registers a device that belongs to nobody in particular yet.
 * @returns its key, which nobody can be told again
 * @throws `already_in_use`, `not_permitted`
 */
export async function addDevice(
	{ database, announce }: RegistryActionOptions,
	{ principal, origin }: Actor,
	device: DeviceToAdd,
): Promise<{ deviceId: string; key: string }> {
	requireWholeOrganization(principal.scope);
	const { organizationNo } = principal.scope;
	const { deviceId, telematicsId, name, family, transport, simNo, reportingIntervalSeconds } =
		device;
	const values = {
		deviceId,
		telematicsId,
		name,
		family,
		transport,
		simNo,
		reportingIntervalSeconds,
	};
	const added = await database
		.transaction()
		.execute(async (transaction) => {
			const [registered] = await registerDevices(transaction, organizationNo, [
				{ ...values, vehicle: null, customerNo: null, dealerNo: null },
			]);
			if (registered === undefined) throw new Error('a registered device has no key');
			await recordAudit(transaction, principal, origin, {
				action: 'device.add',
				subject: { kind: 'device', id: deviceId },
				before: null,
				after: values,
			});
			return registered;
		})
		.catch(async (error: unknown) => {
			throw error instanceof Fault && error.code === 'already_in_use'
				? await whereInUse(database, principal.scope, device)
				: error;
		});
	await announce([added.deviceNo]);
	return { deviceId, key: added.key };
}

/** Says where an id is in use, as far as the reader may see it. */
async function whereInUse(
	database: Database,
	scope: Scope,
	{ deviceId, telematicsId }: DeviceToAdd,
): Promise<Fault> {
	const { rows } = await sql<{ device_id: string; telematics_id: string | null; retired: boolean }>`
		select device_id, telematics_id, retired_at is not null as retired from v_registered_device d
		where (device_id = ${deviceId} or telematics_id = ${telematicsId}) and ${inScope(scope)}`.execute(
		database,
	);
	const taken = await sql<{ taken: boolean }>`
		select exists (select from device where device_id = ${deviceId}) as taken`.execute(database);
	const isDeviceId = taken.rows[0]?.taken === true;
	const holder = rows.find((row) =>
		isDeviceId ? row.device_id === deviceId : row.telematics_id === telematicsId,
	);
	const value = isDeviceId ? `Device ID ${deviceId}` : `Telematics ID ${telematicsId}`;
	const state = holder?.retired === true ? 'the retired device' : 'the device';
	const details = {
		value,
		where: holder === undefined ? '. Ask your administrator' : ` by ${state} ${holder.device_id}`,
	};
	const path = isDeviceId ? 'body.deviceId' : 'body.telematicsId';
	return fault('already_in_use', details, [
		{ path, message: `${value} is already in use${details.where}.` },
	]);
}

interface LockedDevice extends DeviceEdit {
	readonly deviceNo: number;
	readonly isRetired: boolean;
}

/** A device in the reader's scope, kept from others until the transaction ends. @throws `not_found` */
async function lockDevice(
	transaction: Database,
	scope: Scope,
	deviceId: string,
): Promise<LockedDevice> {
	const { rows } = await sql<LockedDevice>`
		select r.device_no as "deviceNo", r.name, r.sim_no as "simNo", r.transport,
			r.reporting_interval_s as "reportingIntervalSeconds", r.osmand_allowed as "osmandAllowed", r.retired_at is not null as "isRetired"
		from device r
		where r.device_id = ${deviceId} and exists (
			select from v_registered_device d where d.device_no = r.device_no and ${inScope(scope)}
		)
		for update of r`.execute(transaction);
	const [device] = rows;
	if (device === undefined) throw fault('not_found', { thing: 'device' });
	return device;
}

function editOf(device: DeviceEdit): {
	name: string | null;
	simNo: string | null;
	transport: Transport | null;
	reportingIntervalSeconds: number;
	osmandAllowed: boolean;
} {
	const { name, simNo, transport, reportingIntervalSeconds, osmandAllowed } = device;
	return { name, simNo, transport, reportingIntervalSeconds, osmandAllowed };
}

async function reread(
	database: Database,
	scope: Scope,
	deviceId: string,
): Promise<RegisteredDeviceRow> {
	const device = await readRegisteredDevice(database, scope, deviceId);
	if (device === undefined) throw fault('not_found', { thing: 'device' });
	return device;
}

/**
 * Changes a device, unless it is not any more as the editor saw it.
 * @throws `not_found`, `device_retired`, `changed_meanwhile`
 */
export async function editDevice(
	{ database, announce }: RegistryActionOptions,
	{ principal, origin }: Actor,
	deviceId: string,
	before: DeviceEdit,
	after: DeviceEdit,
): Promise<RegisteredDeviceRow> {
	const { scope } = principal;
	const deviceNo = await database.transaction().execute(async (transaction) => {
		const device = await lockDevice(transaction, scope, deviceId);
		if (device.isRetired) throw fault('device_retired', { deviceId });
		const changes = changesMeanwhile(before, editOf(device), deviceEditWords);
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		await transaction
			.updateTable('device')
			.set({
				name: after.name,
				sim_no: after.simNo,
				transport: after.transport,
				reporting_interval_s: after.reportingIntervalSeconds,
				osmand_allowed: after.osmandAllowed,
			})
			.where('device_no', '=', device.deviceNo)
			.execute();
		await recordAudit(transaction, principal, origin, {
			action: 'device.edit',
			subject: { kind: 'device', id: deviceId },
			before: editOf(device),
			after: editOf(after),
		});
		return device.deviceNo;
	});
	await announce([deviceNo]);
	return reread(database, scope, deviceId);
}

/**
 * Gives a device another key. The old one is taken for the grace time; without any, connections end at once.
 * @returns the key, which nobody can be told again
 * @throws `not_found`, `device_retired`
 */
export async function renewKey(
	{ database, disconnect }: RegistryActionOptions,
	{ principal, origin }: Actor,
	deviceId: string,
	wantedGraceHours: number | undefined,
): Promise<{ deviceId: string; key: string; oldKeyValidUntilMs: number | null }> {
	const key = newDeviceKey();
	const { deviceNo, graceHours } = await database.transaction().execute(async (transaction) => {
		const { organizationNo } = principal.scope;
		const device = await lockDevice(transaction, principal.scope, deviceId);
		if (device.isRetired) throw fault('device_retired', { deviceId });
		const hours =
			wantedGraceHours ?? (await readDeviceSettings(transaction, organizationNo)).keyGraceHours;
		await sql`
			update device set
				old_key_hash = case when ${hours}::float8 > 0 then key_hash end,
				old_key_valid_until = case when ${hours}::float8 > 0 and key_hash is not null
					then now() + ${hours}::float8 * interval '1 hour' end,
				key_renewed_at = case when key_hash is not null then now() end,
				key_hash = ${hashDeviceKey(key)}
			where device_no = ${device.deviceNo}`.execute(transaction);
		await recordAudit(transaction, principal, origin, {
			action: 'device.renew_key',
			subject: { kind: 'device', id: deviceId },
			before: null,
			after: { graceHours: hours },
		});
		return { deviceNo: device.deviceNo, graceHours: hours };
	});
	if (graceHours === 0) disconnect(deviceNo);
	const { oldKeyValidUntilMs } = await reread(database, principal.scope, deviceId);
	return { deviceId, key, oldKeyValidUntilMs };
}

/**
 * Takes a device out of service: its connections end, it leaves every list, and what was kept of it stays.
 * @throws `not_found`, `device_retired`
 */
export async function retireDevice(
	{ database, announce, disconnect }: RegistryActionOptions,
	{ principal, origin }: Actor,
	deviceId: string,
): Promise<RegisteredDeviceRow> {
	const deviceNo = await database.transaction().execute(async (transaction) => {
		const device = await lockDevice(transaction, principal.scope, deviceId);
		if (device.isRetired) throw fault('device_retired', { deviceId });
		// What was renewed away does not come back with the device.
		await sql`update device set retired_at = now(), old_key_hash = null, old_key_valid_until = null
			where device_no = ${device.deviceNo}`.execute(transaction);
		await recordAudit(transaction, principal, origin, {
			action: 'device.retire',
			subject: { kind: 'device', id: deviceId },
			before: { retired: false },
			after: { retired: true },
		});
		return device.deviceNo;
	});
	disconnect(deviceNo);
	await announce([deviceNo]);
	return reread(database, principal.scope, deviceId);
}

/**
 * Takes a retired device into service again. A vehicle that has another device by now is left to that one.
 * @throws `not_found`, `device_not_retired`
 */
export async function bringBackDevice(
	{ database, announce }: RegistryActionOptions,
	{ principal, origin }: Actor,
	deviceId: string,
): Promise<RegisteredDeviceRow> {
	const { scope } = principal;
	const deviceNo = await database.transaction().execute(async (transaction) => {
		const device = await lockDevice(transaction, scope, deviceId);
		if (!device.isRetired) throw fault('device_not_retired', { deviceId });
		await leaveVehicleOfAnother(transaction, scope.organizationNo, device.deviceNo);
		await sql`update device set retired_at = null where device_no = ${device.deviceNo}`.execute(
			transaction,
		);
		await recordAudit(transaction, principal, origin, {
			action: 'device.bring_back',
			subject: { kind: 'device', id: deviceId },
			before: { retired: true },
			after: { retired: false },
		});
		return device.deviceNo;
	});
	await announce([deviceNo]);
	return reread(database, scope, deviceId);
}

async function leaveVehicleOfAnother(
	transaction: Database,
	organizationNo: number,
	deviceNo: number,
): Promise<void> {
	const { rows } = await sql<{ customer_no: number | null; dealer_no: number | null }>`
		select a.customer_no, a.dealer_no from device_assignment a
		where a.device_no = ${deviceNo} and upper_inf(a.during) and exists (
			select from v_device o
			where o.vehicle_no = a.vehicle_no and o.device_no <> a.device_no and o.retired_at is null
		)`.execute(transaction);
	const [belonging] = rows;
	if (belonging !== undefined)
		await assignDevice(transaction, organizationNo, deviceNo, {
			vehicleNo: null,
			customerNo: belonging.customer_no,
			dealerNo: belonging.dealer_no,
		});
}
