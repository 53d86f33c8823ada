import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import { isWholeOrganization, type Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import {
	type DealerEdit,
	type DealerOption,
	type DealerQuery,
	type DealerRow,
	type DealerSelection,
	type DealerSort,
	offeredOptions,
} from '../../contract.ts';
import { customersInScope, dealersInScope, devicesInScope } from '../scope.ts';

/** One page of the dealers in scope. */
export function readDealerPage(database: Database, scope: Scope, query: DealerQuery) {
	const wanted = conditionOf(scope, query);
	return readPage<DealerRow>(database, query, {
		rows: dealers(scope),
		key: 'l.dealer_no',
		matching: sql`select l.dealer_no from dealer l where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many dealers match; all of them are counted. */
export function countDealers(
	database: Database,
	scope: Scope,
	selection: DealerSelection,
): Promise<number> {
	return countAll(database, sql`select from dealer l where ${conditionOf(scope, selection)}`);
}

/** Every dealer that matches, in order, portion by portion of one moment. */
export function readDealerPortions(
	database: Database,
	client: pg.ClientBase,
	scope: Scope,
	selection: DealerSelection,
	portionRows: number,
): AsyncGenerator<DealerRow[]> {
	const wanted = conditionOf(scope, selection);
	const select = sql`${dealers(scope)} where ${wanted} order by ${orderOf(selection)}`.compile(
		database,
	);
	return readInPortions<DealerRow>(client, select.sql, portionRows, select.parameters);
}

/** One dealer in scope, or undefined. */
export async function readDealer(
	database: Database,
	scope: Scope,
	dealerNo: number,
): Promise<DealerRow | undefined> {
	const { rows } = await sql<DealerRow>`
		${dealers(scope)} where l.dealer_no = ${dealerNo} and ${dealersInScope(scope)}`.execute(
		database,
	);
	return rows[0];
}

/** Keeps a dealer from others until the transaction ends. */
export async function lockDealer(
	transaction: Database,
	scope: Scope,
	dealerNo: number,
): Promise<void> {
	await sql`select from dealer l where l.dealer_no = ${dealerNo} and ${dealersInScope(scope)}
		for update`.execute(transaction);
}

export async function insertDealer(
	transaction: Database,
	organizationNo: number,
	dealer: DealerEdit,
): Promise<number> {
	const { dealer_no } = await transaction
		.insertInto('dealer')
		.values({ organization_no: organizationNo, ...columnsOf(dealer) })
		.returning('dealer_no')
		.executeTakeFirstOrThrow();
	return dealer_no;
}

export async function updateDealer(
	transaction: Database,
	dealerNo: number,
	dealer: DealerEdit,
): Promise<void> {
	await transaction
		.updateTable('dealer')
		.set(columnsOf(dealer))
		.where('dealer_no', '=', dealerNo)
		.execute();
}

/** From then on the dealer is in histories only. */
export async function markDealerDeleted(transaction: Database, dealerNo: number): Promise<void> {
	await sql`update dealer set deleted_at = now() where dealer_no = ${dealerNo}`.execute(
		transaction,
	);
}

function columnsOf({ name, city, contactName, mobile, email, address }: DealerEdit) {
	return { name, city, contact_name: contactName, mobile, email, address };
}

/** Dealers in scope to choose from. */
export async function readDealerOptions(
	database: Database,
	scope: Scope,
	text: string,
): Promise<DealerOption[]> {
	const { rows } = await sql<DealerOption>`
		select l.dealer_no as "dealerNo", l.name, l.city from dealer l
		where ${dealersInScope(scope)} and concat_ws(e'\n', l.name, l.city) ilike ${containing(text)}
		order by lower(l.name), l.dealer_no limit ${offeredOptions}`.execute(database);
	return rows;
}

/** Cities of dealers in scope. */
export async function readDealerCities(
	database: Database,
	scope: Scope,
	text: string,
): Promise<string[]> {
	const { rows } = await sql<{ city: string }>`
		select min(l.city) as city from dealer l
		where ${dealersInScope(scope)} and l.city ilike ${containing(text)}
		group by lower(l.city) order by lower(l.city) limit ${offeredOptions}`.execute(database);
	return rows.map(({ city }) => city);
}

function dealers(scope: Scope): RawBuilder<unknown> {
	const users = isWholeOrganization(scope)
		? sql`(select count(*)::integer from v_dealer_member m
			where m.organization_no = l.organization_no and m.dealer_no = l.dealer_no)`
		: sql`null`;
	return sql`
		select l.dealer_no as "dealerNo", l.name, l.city, l.contact_name as "contactName", l.mobile, l.email, l.address,
			(select count(*)::integer from v_device x
				where x.dealer_no = l.dealer_no and ${devicesInScope(scope)}) as devices,
			(select count(*)::integer from customer c
				where c.dealer_no = l.dealer_no and ${customersInScope(scope)}) as customers,
			${users} as users, ${epochMs('l.created_at')} as "createdAtMs"
		from dealer l`;
}

const sortColumns: Record<DealerSort, RawBuilder<unknown>> = {
	name: sql`lower(l.name)`,
	city: sql`lower(l.city)`,
	created: sql`l.created_at`,
};

function orderOf({ sort, direction }: Pick<DealerSelection, 'sort' | 'direction'>) {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	return sql`${sortColumns[sort]} ${way}, l.dealer_no ${way}`;
}

function conditionOf(scope: Scope, { q, city }: DealerSelection): RawBuilder<SqlBool> {
	const conditions = [dealersInScope(scope)];
	if (city !== undefined) conditions.push(sql`lower(l.city) = lower(${city})`);
	if (q !== '')
		conditions.push(
			sql`concat_ws(e'\n', l.name, l.contact_name, l.email, l.mobile, l.city) ilike ${containing(q)}`,
		);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}
