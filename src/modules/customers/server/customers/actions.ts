import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization, type Scope } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import type { Database } from '#platform/database/connect.ts';
import {
	type CustomerEdit,
	type CustomerRow,
	customerCode,
	type KeptCustomer,
	pinCodeProblem,
} from '../../contract.ts';
import { readReferring, standsInTheWay } from '../in-use.ts';
import { lockDealers } from '../lock.ts';
import { customerRecord, customerWords } from './rules.ts';
import {
	insertCustomer,
	lockCustomer,
	lockLocation,
	markCustomerDeleted,
	readCustomer,
	updateCustomer,
} from './store.ts';

export interface CustomerActionOptions {
	readonly database: Database;
	/** Hears, after the commit, that customers of an organization may be registered in other places now. */
	customersChanged(organizationNo: number): void;
}

/** @throws `not_found` for a dealer or location that is not there, `invalid_input` */
export async function addCustomer(
	{ database, customersChanged }: CustomerActionOptions,
	{ principal, origin }: Actor,
	customer: CustomerEdit,
): Promise<CustomerRow> {
	const { scope } = principal;
	const organizationNo = requireWholeOrganization(scope);
	const customerRow = await database.transaction().execute(async (transaction) => {
		await requireWhatItNames(transaction, organizationNo, customer, 'body');
		const customerNo = await insertCustomer(transaction, organizationNo, customer);
		const added = await found(transaction, scope, customerNo);
		await recordAudit(transaction, principal, origin, {
			action: 'customer.add',
			subject: { kind: 'customer', id: customerCode(customerNo) },
			before: null,
			after: customerRecord(added),
		});
		return added;
	});
	customersChanged(organizationNo);
	return customerRow;
}

/**
 * Changes a customer, unless it is not any more as the editor saw it.
 * @throws `not_found`, `changed_meanwhile`, `invalid_input`
 */
export async function editCustomer(
	{ database, customersChanged }: CustomerActionOptions,
	{ principal, origin }: Actor,
	customerNo: number,
	before: KeptCustomer,
	after: CustomerEdit,
): Promise<CustomerRow> {
	const { scope } = principal;
	const organizationNo = requireWholeOrganization(scope);
	const customerRow = await database.transaction().execute(async (transaction) => {
		await lockCustomer(transaction, scope, customerNo);
		const now = await found(transaction, scope, customerNo);
		const changes = changesMeanwhile(before, now, customerWords(now));
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		await requireWhatItNames(transaction, organizationNo, after, 'body.after');
		await updateCustomer(transaction, customerNo, after);
		const edited = await found(transaction, scope, customerNo);
		await recordAudit(transaction, principal, origin, {
			action: 'customer.edit',
			subject: { kind: 'customer', id: customerCode(customerNo) },
			before: customerRecord(now),
			after: customerRecord(edited),
		});
		return edited;
	});
	customersChanged(organizationNo);
	return customerRow;
}

/** Deletes a customer to which nothing belongs. @throws `not_found`, `still_in_use` */
export async function deleteCustomer(
	database: Database,
	{ principal, origin }: Actor,
	customerNo: number,
): Promise<void> {
	const { scope } = principal;
	requireWholeOrganization(scope);
	await database.transaction().execute(async (transaction) => {
		// Whoever gives it a device or a user waits here, or is waited for.
		await lockCustomer(transaction, scope, customerNo);
		const now = await found(transaction, scope, customerNo);
		const what = standsInTheWay([
			await readReferring(
				transaction,
				{ one: 'device', many: 'devices, the retired ones included,' },
				sql`select device_id as name from v_device where customer_no = ${customerNo}`,
			),
			await readReferring(
				transaction,
				{ one: 'user', many: 'users' },
				sql`select email as name from v_customer_member where customer_no = ${customerNo}`,
			),
		]);
		if (what !== null)
			throw fault('still_in_use', {
				thing: `The customer ${now.name}`,
				what,
				remedy: 'Assign the devices to others and take the customer from its users first.',
			});
		await markCustomerDeleted(transaction, customerNo);
		await recordAudit(transaction, principal, origin, {
			action: 'customer.delete',
			subject: { kind: 'customer', id: customerCode(customerNo) },
			before: customerRecord(now),
			after: null,
		});
	});
}

async function found(database: Database, scope: Scope, customerNo: number): Promise<CustomerRow> {
	const customer = await readCustomer(database, scope, customerNo);
	if (customer === undefined) throw fault('not_found', { thing: 'customer' });
	return customer;
}

async function requireWhatItNames(
	transaction: Database,
	organizationNo: number,
	{ dealerNo, locationNo, pinCode }: CustomerEdit,
	part: string,
): Promise<void> {
	if (dealerNo !== null) await lockDealers(transaction, organizationNo, [dealerNo]);
	if (locationNo === null) return;
	const location = await lockLocation(transaction, organizationNo, locationNo);
	if (location === undefined) throw fault('not_found', { thing: 'location' });
	const message = pinCodeProblem(pinCode, location.country);
	if (message !== null)
		throw fault('invalid_input', { summary: message }, [{ path: `${part}.pinCode`, message }]);
}
