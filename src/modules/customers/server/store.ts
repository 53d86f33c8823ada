import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import { customersInScope, dealersInScope } from './scope.ts';

export interface NewDealer {
	readonly name: string;
	readonly city: string | null;
	readonly email?: string;
	readonly mobile?: string;
	readonly address?: string;
}

/** Creates a dealer of an organization. @returns its number */
export async function createDealer(
	database: Database,
	organizationNo: number,
	dealer: NewDealer,
): Promise<number> {
	const { dealer_no } = await database
		.insertInto('dealer')
		.values({
			organization_no: organizationNo,
			name: dealer.name,
			city: dealer.city,
			email: dealer.email ?? null,
			mobile: dealer.mobile ?? null,
			address: dealer.address ?? null,
		})
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
	/** The location in which it is registered. */
	readonly locationNo?: number;
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
			location_no: customer.locationNo ?? null,
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
	/** Where it is registered. */
	readonly locationNo: number | null;
}

/** Customers in scope: of the dealer, among the listed, and with one of the devices, as far as the scope is narrowed. */
export async function listCustomers(database: Database, scope: Scope): Promise<Customer[]> {
	const { rows } = await sql<Customer>`
		select c.customer_no as "customerNo", c.name, c.city, c.dealer_no as "dealerNo", c.location_no as "locationNo"
		from customer c where ${customersInScope(scope)} order by c.name, c.customer_no`.execute(
		database,
	);
	return rows;
}

/** Dealers in scope: the reader's own, or those of the customers and devices in scope; all where nothing narrows it. */
export async function listDealers(database: Database, scope: Scope): Promise<Dealer[]> {
	const { rows } = await sql<Dealer>`
		select l.dealer_no as "dealerNo", l.name, l.city from dealer l where ${dealersInScope(scope)}
		order by l.name`.execute(database);
	return rows;
}
