import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import { countLimit } from '#contract/list.ts';
import type { Principal } from '#contract/principal.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import type { OrganizationRow, OrganizationsPage, OrganizationsQuery } from '../contract.ts';

/** Search and order of the list, without the page. */
export type OrganizationSelection = Omit<OrganizationsQuery, 'page' | 'pageSize'>;

/** One page of the installation's organizations, and how many match up to 10,000. */
export async function readOrganizations(
	database: Database,
	principal: Principal,
	query: OrganizationsQuery,
): Promise<OrganizationsPage> {
	const wanted = await matching(database, query);
	return readPage<OrganizationRow>(database, query, {
		rows: sql`select ${rowColumns(principal)} from organization o`,
		key: 'o.organization_no',
		matching: sql`select o.organization_no from organization o where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many organizations match; all of them are counted. */
export async function countOrganizations(
	database: Database,
	selection: OrganizationSelection,
): Promise<number> {
	const wanted = await matching(database, selection);
	return countAll(database, sql`select from organization o where ${wanted}`);
}

/** Every organization that matches, in order, portion by portion of one moment. */
export async function* readOrganizationPortions(
	database: Database,
	client: pg.ClientBase,
	principal: Principal,
	selection: OrganizationSelection,
	portionRows: number,
): AsyncGenerator<OrganizationRow[]> {
	const wanted = await matching(database, selection);
	const select = sql`
		select ${rowColumns(principal)} from organization o where ${wanted}
		order by ${orderOf(selection)}`.compile(database);
	yield* readInPortions<OrganizationRow>(client, select.sql, portionRows, select.parameters);
}

/** One organization of the installation, or undefined. */
export async function readOrganization(
	database: Database,
	principal: Principal,
	organizationNo: number,
): Promise<OrganizationRow | undefined> {
	const { rows } = await sql<OrganizationRow>`
		select ${rowColumns(principal)} from organization o
		where o.organization_no = ${organizationNo}`.execute(database);
	return rows[0];
}

function rowColumns({ scope, enteredFrom }: Principal): RawBuilder<unknown> {
	const here = scope.organizationNo;
	const home = enteredFrom?.organizationNo ?? here;
	return sql`
		o.organization_no as "organizationNo", o.name, o.country, o.time_zone as "timeZone",
		array(
			select h.host from organization_host h where h.organization_no = o.organization_no order by h.host
		) as hosts,
		(
			select count(*)::integer from v_device_organization d where d.organization_no = o.organization_no
		) as devices,
		(
			select count(*)::integer from v_member_organization m where m.organization_no = o.organization_no
		) as users,
		${epochMs('o.created_at')} as "createdAtMs",
		o.organization_no = ${here}::integer as "isHere", o.organization_no = ${home}::integer as "isHome"`;
}

/**
 * Organizations that a text finds by name or host. A text that finds few is looked up by its trigrams; one that finds
 * many is compared while the list is walked in its order, which then fills a page soon.
 */
async function matching(
	database: Database,
	{ q }: OrganizationSelection,
): Promise<RawBuilder<SqlBool>> {
	if (q === '') return sql`true`;
	const pattern = containing(q);
	const most = countLimit + 1;
	const { rows } = await sql<{ organization_no: number }>`
		(select organization_no from organization where name ilike ${pattern} limit ${most})
		union
		(select organization_no from organization_host where host ilike ${pattern} limit ${most})`.execute(
		database,
	);
	if (rows.length <= countLimit)
		return sql`o.organization_no = any(${rows.map((row) => row.organization_no)}::integer[])`;
	return sql`(o.name ilike ${pattern} or exists (
		select from organization_host h where h.organization_no = o.organization_no and h.host ilike ${pattern}
	))`;
}

function orderOf({ sort, direction }: OrganizationSelection): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	return sort === 'name'
		? sql`o.name ${way}, o.organization_no ${way}`
		: sql`o.organization_no ${way}`;
}
