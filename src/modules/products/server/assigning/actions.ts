import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, recordAudits } from '#modules/audit/server/index.ts';
import { lockCustomers, lockDealers } from '#modules/customers/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { beginAssignments, lockDevices } from '../assign.ts';
import { changedHoldings } from './rules.ts';
import { type Holding, readHoldings } from './store.ts';

export interface AssigningOptions {
	readonly database: Database;
	/** Tells the road of devices that belong elsewhere now, after the commit. */
	announce(deviceNos: readonly number[]): void | Promise<void>;
}

/** Devices as the assigner saw them, and to whom they are to belong; what is left out stays as it is. */
export interface Assigning {
	readonly devices: readonly {
		readonly deviceId: string;
		readonly customerNo: number | null;
		readonly dealerNo: number | null;
	}[];
	readonly customerNo?: number | null | undefined;
	readonly dealerNo?: number | null | undefined;
}

/**
 * Gives devices to a customer, a dealer or both, all of them or none.
 * @returns how many changed, and how many belonged so already
 * @throws `not_found` for a device, customer or dealer that is not there, `changed_meanwhile`
 */
export async function assignDevices(
	{ database, announce }: AssigningOptions,
	{ principal, origin }: Actor,
	{ devices, customerNo, dealerNo }: Assigning,
): Promise<{ changed: number; unchanged: number }> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const deviceIds = [...new Set(devices.map(({ deviceId }) => deviceId))];
	const changed = await database.transaction().execute(async (transaction) => {
		// The same order as everybody's who refers to them: first to whom, then what.
		if (customerNo) await lockCustomers(transaction, organizationNo, [customerNo]);
		if (dealerNo) await lockDealers(transaction, organizationNo, [dealerNo]);
		await lockAll(transaction, organizationNo, deviceIds);
		const now = await readHoldings(transaction, organizationNo, deviceIds);
		const changes = changedHoldings(devices, now);
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		const moving = now.filter(
			(device) =>
				(customerNo !== undefined && customerNo !== device.customerNo) ||
				(dealerNo !== undefined && dealerNo !== device.dealerNo),
		);
		await beginAssignments(
			transaction,
			organizationNo,
			moving.map((device) => ({
				deviceNo: device.deviceNo,
				vehicleNo: device.vehicleNo,
				customerNo: customerNo === undefined ? device.customerNo : customerNo,
				dealerNo: dealerNo === undefined ? device.dealerNo : dealerNo,
			})),
		);
		const moved = await readHoldings(
			transaction,
			organizationNo,
			moving.map(({ deviceId }) => deviceId),
		);
		await recordAudits(
			transaction,
			principal,
			origin,
			moving.map((before, place) => ({
				action: 'device.assign',
				subject: { kind: 'device', id: before.deviceId },
				before: belongingOf(before),
				after: belongingOf(moved[place] ?? before),
			})),
		);
		return moving.map(({ deviceNo }) => deviceNo);
	});
	if (changed.length > 0) await announce(changed);
	return { changed: changed.length, unchanged: deviceIds.length - changed.length };
}

/** Locks devices by their ids. @throws `not_found` */
async function lockAll(
	transaction: Database,
	organizationNo: number,
	deviceIds: readonly string[],
): Promise<void> {
	const named = await readHoldings(transaction, organizationNo, deviceIds);
	if (named.length !== deviceIds.length) throw fault('not_found', { thing: 'device' });
	await lockDevices(
		transaction,
		organizationNo,
		named.map(({ deviceNo }) => deviceNo),
	);
}

function belongingOf({ customerName, dealerName }: Holding) {
	return { customer: customerName, dealer: dealerName };
}
