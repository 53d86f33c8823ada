import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import type {
	LocationFilter,
	LocationPage,
	LocationQuery,
	LocationRow,
	LocationSort,
} from '../contract.ts';

/** Search, filters and order of the list, without the page. */
export type LocationSelection = Omit<LocationQuery, 'page' | 'pageSize'>;

/** A location as the database has it, before its devices are counted. */
export type StoredLocation = Omit<LocationRow, 'devices'>;

/** A list as the database has it. */
export type StoredPage = Omit<LocationPage, 'rows'> & { readonly rows: StoredLocation[] };

/** One page of an organization's locations, and how many there are. */
export function readLocationPage(
	database: Database,
	scope: Scope,
	query: LocationQuery,
): Promise<StoredPage> {
	const wanted = conditionOf(scope, query);
	return readPage<StoredLocation>(database, query, {
		rows: locationIn(scope),
		key: 'l.location_no',
		matching: sql`select l.location_no from location l where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many locations match; all of them are counted. */
export function countLocations(
	database: Database,
	scope: Scope,
	selection: LocationSelection,
): Promise<number> {
	return countAll(database, sql`select from location l where ${conditionOf(scope, selection)}`);
}

/** Every location that matches, in order, portion by portion of one moment. */
export async function* readLocationPortions(
	database: Database,
	client: pg.ClientBase,
	scope: Scope,
	selection: LocationSelection,
	portionRows: number,
): AsyncGenerator<StoredLocation[]> {
	const select =
		sql`${locationIn(scope)} where ${conditionOf(scope, selection)} order by ${orderOf(selection)}`.compile(
			database,
		);
	yield* readInPortions<StoredLocation>(client, select.sql, portionRows, select.parameters);
}

/** One location of the organization, or undefined. */
export async function readLocation(
	database: Database,
	scope: Scope,
	locationNo: number,
): Promise<StoredLocation | undefined> {
	const { rows } = await sql<StoredLocation>`
		${locationIn(scope)}
		where l.organization_no = ${scope.organizationNo} and l.location_no = ${locationNo}`.execute(
		database,
	);
	return rows[0];
}

const mostOptions = 50;

/** Values that locations of the organization have and that contain a text, in order. */
export async function readFilterValues(
	database: Database,
	organizationNo: number,
	filter: LocationFilter,
	text: string,
): Promise<string[]> {
	const column = sql.ref(filter);
	const { rows } = await sql<{ value: string }>`
		select distinct ${column} as value from location
		where organization_no = ${organizationNo} and ${column} ilike ${containing(text)}
		order by value limit ${mostOptions}`.execute(database);
	return rows.map(({ value }) => value);
}

/** Locations that a text finds, by city; the wanted one before all others. */
export async function readLocationOptions(
	database: Database,
	{ organizationNo }: Scope,
	text: string,
	wantedNo: number | null,
) {
	const options = sql`
		select l.location_no as "locationNo", l.city, l.district, l.state, l.country from location l
		where l.organization_no = ${organizationNo}`;
	const { rows } = await sql<{
		locationNo: number;
		city: string;
		district: string;
		state: string;
		country: string;
	}>`
		(${options} and l.location_no = ${wantedNo})
		union all
		(${options} and l.location_no is distinct from ${wantedNo} and ${finding(text)}
			order by l.city, l.location_no limit ${mostOptions - 1})`.execute(database);
	return rows;
}

function locationIn(scope: Scope): RawBuilder<unknown> {
	return sql`
		select l.location_no as "locationNo", l.city, l.district, l.state, l.country, l.zone, l.lat, l.lon,
			(select count(*)::integer from v_location_customer c
				where c.location_no = l.location_no and ${seenCustomer(scope)}) as customers
		from location l`;
}

/** Customers that a reader sees of those registered somewhere. */
function seenCustomer(scope: Scope): RawBuilder<SqlBool> {
	const conditions = [sql<SqlBool>`c.organization_no = ${scope.organizationNo}`];
	if (scope.dealerNo !== null) conditions.push(sql`c.dealer_no = ${scope.dealerNo}`);
	if (scope.customerNos !== null)
		conditions.push(sql`c.customer_no = any(${scope.customerNos}::integer[])`);
	if (scope.deviceNos !== null)
		conditions.push(sql`c.customer_no in (
			select d.customer_no from v_device d where d.organization_no = ${scope.organizationNo}
				and d.device_no = any(${scope.deviceNos}::integer[]))`);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

const sortColumns: Record<LocationSort, string> = {
	city: 'city',
	district: 'district',
	state: 'state',
	country: 'country',
	zone: 'zone',
};

function orderOf({ sort, direction }: LocationSelection): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	return sql`${sql.ref(`l.${sortColumns[sort]}`)} ${way}, l.location_no ${way}`;
}

function conditionOf(
	{ organizationNo }: Scope,
	{ q, zone, state, country }: LocationSelection,
): RawBuilder<SqlBool> {
	const conditions: RawBuilder<SqlBool>[] = [sql`l.organization_no = ${organizationNo}`];
	if (zone !== undefined) conditions.push(sql`l.zone = ${zone}`);
	if (state !== undefined) conditions.push(sql`l.state = ${state}`);
	if (country !== undefined) conditions.push(sql`l.country = ${country}`);
	if (q !== '') conditions.push(finding(q));
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

function finding(text: string): RawBuilder<SqlBool> {
	return sql`(l.city || e'\n' || l.district || e'\n' || l.state || e'\n' || coalesce(l.zone, ''))
		ilike ${containing(text)}`;
}
