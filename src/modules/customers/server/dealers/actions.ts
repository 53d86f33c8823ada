import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization, type Scope } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import { type Database, sqlState } from '#platform/database/connect.ts';
import { type DealerEdit, type DealerRow, dealerCode, type KeptDealer } from '../../contract.ts';
import { readReferring, standsInTheWay } from '../in-use.ts';
import { dealerRecord, dealerWords } from './rules.ts';
import { insertDealer, lockDealer, markDealerDeleted, readDealer, updateDealer } from './store.ts';

const uniqueViolation = '23505';

/** @throws `already_in_use` for the name of another dealer */
export function addDealer(
	database: Database,
	{ principal, origin }: Actor,
	dealer: DealerEdit,
): Promise<DealerRow> {
	const { scope } = principal;
	const organizationNo = requireWholeOrganization(scope);
	return database
		.transaction()
		.execute(async (transaction) => {
			const dealerNo = await insertDealer(transaction, organizationNo, dealer);
			const added = await found(transaction, scope, dealerNo);
			await recordAudit(transaction, principal, origin, {
				action: 'dealer.add',
				subject: { kind: 'dealer', id: dealerCode(dealerNo) },
				before: null,
				after: dealerRecord(added),
			});
			return added;
		})
		.catch((error: unknown) => {
			throw nameInUse(error, dealer, 'body');
		});
}

/**
 * Changes a dealer, unless it is not any more as the editor saw it.
 * @throws `not_found`, `changed_meanwhile`, `already_in_use`
 */
export function editDealer(
	database: Database,
	{ principal, origin }: Actor,
	dealerNo: number,
	before: KeptDealer,
	after: DealerEdit,
): Promise<DealerRow> {
	const { scope } = principal;
	requireWholeOrganization(scope);
	return database
		.transaction()
		.execute(async (transaction) => {
			await lockDealer(transaction, scope, dealerNo);
			const now = await found(transaction, scope, dealerNo);
			const changes = changesMeanwhile(before, now, dealerWords);
			if (changes !== null) throw fault('changed_meanwhile', { changes });
			await updateDealer(transaction, dealerNo, after);
			const edited = await found(transaction, scope, dealerNo);
			await recordAudit(transaction, principal, origin, {
				action: 'dealer.edit',
				subject: { kind: 'dealer', id: dealerCode(dealerNo) },
				before: dealerRecord(now),
				after: dealerRecord(edited),
			});
			return edited;
		})
		.catch((error: unknown) => {
			throw nameInUse(error, after, 'body.after');
		});
}

/** Deletes a dealer to whom nothing belongs. @throws `not_found`, `still_in_use` */
export async function deleteDealer(
	database: Database,
	{ principal, origin }: Actor,
	dealerNo: number,
): Promise<void> {
	const { scope } = principal;
	requireWholeOrganization(scope);
	await database.transaction().execute(async (transaction) => {
		// Whoever gives it a device, a customer or a user waits here, or is waited for.
		await lockDealer(transaction, scope, dealerNo);
		const now = await found(transaction, scope, dealerNo);
		const what = standsInTheWay([
			await readReferring(
				transaction,
				{ one: 'device', many: 'devices, the retired ones included,' },
				sql`select device_id as name from v_device where dealer_no = ${dealerNo}`,
			),
			await readReferring(
				transaction,
				{ one: 'customer', many: 'customers' },
				sql`select name from customer where dealer_no = ${dealerNo} and deleted_at is null`,
			),
			await readReferring(
				transaction,
				{ one: 'user', many: 'users' },
				sql`select email as name from v_dealer_member where dealer_no = ${dealerNo}`,
			),
		]);
		if (what !== null)
			throw fault('still_in_use', {
				thing: `The dealer ${now.name}`,
				what,
				remedy: 'Give the devices and customers to others and delete or change its users first.',
			});
		await markDealerDeleted(transaction, dealerNo);
		await recordAudit(transaction, principal, origin, {
			action: 'dealer.delete',
			subject: { kind: 'dealer', id: dealerCode(dealerNo) },
			before: dealerRecord(now),
			after: null,
		});
	});
}

async function found(database: Database, scope: Scope, dealerNo: number): Promise<DealerRow> {
	const dealer = await readDealer(database, scope, dealerNo);
	if (dealer === undefined) throw fault('not_found', { thing: 'dealer' });
	return dealer;
}

function nameInUse(error: unknown, { name }: DealerEdit, part: string): unknown {
	if (sqlState(error) !== uniqueViolation) return error;
	const details = { value: `The dealer name ${name}`, where: ' by another dealer' };
	const message = `${details.value} is already in use${details.where}.`;
	return fault('already_in_use', details, [{ path: `${part}.name`, message }]);
}
