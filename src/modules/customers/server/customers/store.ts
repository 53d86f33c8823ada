import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import { countLimit } from '#contract/list.ts';
import { isWholeOrganization, type Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import {
	type CustomerEdit,
	type CustomerOption,
	type CustomerQuery,
	type CustomerRow,
	type CustomerSelection,
	type CustomerSort,
	type LocationOption,
	offeredOptions,
} from '../../contract.ts';
import { customersInScope, devicesInScope } from '../scope.ts';

/** One page of the customers in scope. */
export async function readCustomerPage(database: Database, scope: Scope, query: CustomerQuery) {
	const wanted = await conditionOf(database, scope, query);
	return readPage<CustomerRow>(database, query, {
		rows: customers(scope),
		key: 'c.customer_no',
		matching: sql`select c.customer_no from customer c where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many customers match; all of them are counted. */
export async function countCustomers(
	database: Database,
	scope: Scope,
	selection: CustomerSelection,
): Promise<number> {
	const wanted = await conditionOf(database, scope, selection);
	return countAll(database, sql`select from customer c where ${wanted}`);
}

/** Every customer that matches, in order, portion by portion of one moment. */
export async function* readCustomerPortions(
	database: Database,
	client: pg.ClientBase,
	scope: Scope,
	selection: CustomerSelection,
	portionRows: number,
): AsyncGenerator<CustomerRow[]> {
	const wanted = await conditionOf(database, scope, selection);
	const select = sql`${customers(scope)} where ${wanted} order by ${orderOf(selection)}`.compile(
		database,
	);
	yield* readInPortions<CustomerRow>(client, select.sql, portionRows, select.parameters);
}

/** One customer in scope, or undefined. */
export async function readCustomer(
	database: Database,
	scope: Scope,
	customerNo: number,
): Promise<CustomerRow | undefined> {
	const { rows } = await sql<CustomerRow>`
		${customers(scope)} where c.customer_no = ${customerNo} and ${customersInScope(scope)}`.execute(
		database,
	);
	return rows[0];
}

/** Keeps a customer from others until the transaction ends. */
export async function lockCustomer(
	transaction: Database,
	scope: Scope,
	customerNo: number,
): Promise<void> {
	await sql`select from customer c where c.customer_no = ${customerNo} and ${customersInScope(scope)}
		for update`.execute(transaction);
}

export async function insertCustomer(
	transaction: Database,
	organizationNo: number,
	customer: CustomerEdit,
): Promise<number> {
	const { customer_no } = await transaction
		.insertInto('customer')
		.values({ organization_no: organizationNo, ...columnsOf(customer) })
		.returning('customer_no')
		.executeTakeFirstOrThrow();
	return customer_no;
}

export async function updateCustomer(
	transaction: Database,
	customerNo: number,
	customer: CustomerEdit,
): Promise<void> {
	await transaction
		.updateTable('customer')
		.set(columnsOf(customer))
		.where('customer_no', '=', customerNo)
		.execute();
}

/** From then on the customer is in histories only; its location may go. */
export async function markCustomerDeleted(
	transaction: Database,
	customerNo: number,
): Promise<void> {
	await sql`update customer set deleted_at = now(), location_no = null where customer_no = ${customerNo}`.execute(
		transaction,
	);
}

function columnsOf(customer: CustomerEdit) {
	const { name, address, city, pinCode, mobile, email, locationNo, dealerNo } = customer;
	return {
		name,
		address,
		city,
		pin_code: pinCode,
		mobile,
		email,
		location_no: locationNo,
		dealer_no: dealerNo,
	};
}

/** Customers in scope to choose from. */
export async function readCustomerOptions(
	database: Database,
	scope: Scope,
	text: string,
	most = offeredOptions,
): Promise<CustomerOption[]> {
	const wanted = await conditionOf(database, scope, { ...everything, q: text });
	const { rows } = await sql<CustomerOption>`
		select c.customer_no as "customerNo", c.name, c.city, l.dealer_no as "dealerNo", l.name as "dealerName"
		from customer c left join v_dealer l on l.dealer_no = c.dealer_no
		where ${wanted} order by lower(c.name), c.customer_no limit ${most}`.execute(database);
	return rows;
}

/** Cities of customers in scope. */
export async function readCustomerCities(
	database: Database,
	scope: Scope,
	text: string,
): Promise<string[]> {
	const { rows } = await sql<{ city: string }>`
		select min(c.city) as city from customer c
		where ${customersInScope(scope)} and c.city ilike ${containing(text)}
		group by lower(c.city) order by lower(c.city) limit ${offeredOptions}`.execute(database);
	return rows.map(({ city }) => city);
}

const locationColumns = sql`o.location_no as "locationNo", o.city, o.state, o.country`;

/** Locations at which customers in scope are registered. */
export async function readCustomerLocations(
	database: Database,
	scope: Scope,
	text: string,
): Promise<LocationOption[]> {
	const { rows } = await sql<LocationOption>`
		select ${locationColumns} from v_location_name o
		where o.organization_no = ${scope.organizationNo} and o.city ilike ${containing(text)} and exists (
			select from customer c where c.location_no = o.location_no and ${customersInScope(scope)}
		)
		order by lower(o.city), o.location_no limit ${offeredOptions}`.execute(database);
	return rows;
}

/** A location of an organization, which stays until the transaction ends, or undefined. */
export async function lockLocation(
	transaction: Database,
	organizationNo: number,
	locationNo: number,
): Promise<LocationOption | undefined> {
	const { rows } = await sql<LocationOption>`
		select ${locationColumns} from v_location_name o
		where o.organization_no = ${organizationNo} and o.location_no = ${locationNo}
		for key share`.execute(transaction);
	return rows[0];
}

function customers(scope: Scope): RawBuilder<unknown> {
	const users = isWholeOrganization(scope)
		? sql`(select count(*)::integer from v_customer_member m
			where m.organization_no = c.organization_no and m.customer_no = c.customer_no)`
		: sql`null`;
	return sql`
		select c.customer_no as "customerNo", c.name, c.address, c.city, c.pin_code as "pinCode", c.mobile, c.email,
			c.location_no as "locationNo", o.city as "locationCity", c.dealer_no as "dealerNo",
			l.name as "dealerName",
			(select count(*)::integer from v_device x
				where x.customer_no = c.customer_no and ${devicesInScope(scope)}) as devices,
			${users} as users, ${epochMs('c.created_at')} as "createdAtMs"
		from customer c
		left join v_location_name o on o.location_no = c.location_no
		left join v_dealer l on l.dealer_no = c.dealer_no`;
}

const sortColumns: Record<CustomerSort, RawBuilder<unknown>> = {
	name: sql`lower(c.name)`,
	city: sql`lower(c.city)`,
	created: sql`c.created_at`,
};

function orderOf({ sort, direction }: Pick<CustomerSelection, 'sort' | 'direction'>) {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	return sql`${sortColumns[sort]} ${way}, c.customer_no ${way}`;
}

const everything: CustomerSelection = { q: '', sort: 'name', direction: 'asc' };

async function conditionOf(
	database: Database,
	scope: Scope,
	{ q, city, locationNo, dealerNo }: CustomerSelection,
): Promise<RawBuilder<SqlBool>> {
	const conditions = [customersInScope(scope)];
	if (city !== undefined) conditions.push(sql`lower(c.city) = lower(${city})`);
	if (locationNo !== undefined) conditions.push(sql`c.location_no = ${locationNo}`);
	if (dealerNo !== undefined) conditions.push(sql`c.dealer_no = ${dealerNo}`);
	if (q !== '') conditions.push(await matching(database, scope, q));
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

const textOf = sql`(c.name || e'\n' || coalesce(c.email, '') || e'\n' || coalesce(c.mobile, '') || e'\n' || coalesce(c.city, ''))`;

/**
 * Customers that a text finds. A text that finds few is looked up by its trigrams; one that finds many is compared while
 * the list is walked in its order, which then fills a page soon.
 */
async function matching(database: Database, scope: Scope, q: string): Promise<RawBuilder<SqlBool>> {
	const isFound = sql<SqlBool>`${textOf} ilike ${containing(q)}`;
	const { rows } = await sql<{ customer_no: number }>`
		select c.customer_no from customer c where ${customersInScope(scope)} and ${isFound}
		limit ${countLimit + 1}`.execute(database);
	if (rows.length > countLimit) return isFoundInColumns(containing(q));
	return sql`c.customer_no = any(${rows.map((row) => row.customer_no)}::integer[])`;
}

/** The same in words for which PostgreSQL knows how many match: of what only a partial index has it keeps no count. */
function isFoundInColumns(pattern: string): RawBuilder<SqlBool> {
	return sql<SqlBool>`(c.name ilike ${pattern} or c.email ilike ${pattern} or c.mobile ilike ${pattern}
		or c.city ilike ${pattern})`;
}
