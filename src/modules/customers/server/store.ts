import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';

export interface NewDealer {
	readonly name: string;
	readonly city: string | null;
}

/** Creates a dealer of an organization. @returns its number */
export async function createDealer(
	database: Database,
	organizationNo: number,
	dealer: NewDealer,
): Promise<number> {
	const { dealer_no } = await database
		.insertInto('dealer')
		.values({ organization_no: organizationNo, name: dealer.name, city: dealer.city })
		.returning('dealer_no')
		.executeTakeFirstOrThrow();
	return dealer_no;
}

export interface NewCustomer {
	readonly name: string;
	readonly dealerNo: number | null;
	readonly email: string | null;
	readonly mobile: string | null;
	readonly address: string | null;
	readonly city: string | null;
	readonly pinCode: string | null;
}

/** Creates a customer of an organization. @returns its number */
export async function createCustomer(
	database: Database,
	organizationNo: number,
	customer: NewCustomer,
): Promise<number> {
	const { customer_no } = await database
		.insertInto('customer')
		.values({
			organization_no: organizationNo,
			name: customer.name,
			dealer_no: customer.dealerNo,
			email: customer.email,
			mobile: customer.mobile,
			address: customer.address,
			city: customer.city,
			pin_code: customer.pinCode,
		})
		.returning('customer_no')
		.executeTakeFirstOrThrow();
	return customer_no;
}

export interface Dealer {
	readonly dealerNo: number;
	readonly name: string;
	readonly city: string | null;
}

export interface Customer {
	readonly customerNo: number;
	readonly name: string;
	readonly city: string | null;
	readonly dealerNo: number | null;
}

/** Customers in scope: of the dealer, among the listed, and with one of the devices, as far as the scope is narrowed. */
export async function listCustomers(database: Database, scope: Scope): Promise<Customer[]> {
	let query = database
		.selectFrom('customer')
		.select(['customer_no as customerNo', 'name', 'city', 'dealer_no as dealerNo'])
		.where('organization_no', '=', scope.organizationNo);
	if (scope.dealerNo !== null) query = query.where('dealer_no', '=', scope.dealerNo);
	if (scope.customerNos !== null)
		query = query.where(sql<boolean>`customer_no = any(${scope.customerNos}::integer[])`);
	if (scope.deviceNos !== null)
		query = query.where('customer_no', 'in', (eb) =>
			eb
				.selectFrom('v_device')
				.select((part) => part.ref('v_device.customer_no').$notNull().as('customer_no'))
				.where('organization_no', '=', scope.organizationNo)
				.where(sql<boolean>`device_no = any(${scope.deviceNos}::integer[])`),
		);
	return query.orderBy('name').orderBy('customer_no').execute();
}

/** Dealers in scope: the reader's own, or those of the customers in scope; all where the scope narrows neither. */
export async function listDealers(database: Database, scope: Scope): Promise<Dealer[]> {
	let query = database
		.selectFrom('dealer')
		.select(['dealer_no as dealerNo', 'name', 'city'])
		.where('organization_no', '=', scope.organizationNo);
	if (scope.dealerNo !== null) query = query.where('dealer_no', '=', scope.dealerNo);
	else if (scope.customerNos !== null || scope.deviceNos !== null) {
		const customers = await listCustomers(database, scope);
		const dealerNos = customers.map((customer) => customer.dealerNo);
		query = query.where(sql<boolean>`dealer_no = any(${dealerNos}::integer[])`);
	}
	return query.orderBy('name').execute();
}
