import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import type { Principal } from '#contract/principal.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll, countListed } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import type { OrganizationRow, OrganizationsPage, OrganizationsQuery } from '../contract.ts';

/** Search and order of the list, without the page. */
export type OrganizationSelection = Omit<OrganizationsQuery, 'page' | 'pageSize'>;

/** One page of the installation's organizations, and how many match up to 10,000. */
export async function readOrganizations(
	database: Database,
	principal: Principal,
	query: OrganizationsQuery,
): Promise<OrganizationsPage> {
	const wanted = matching(query);
	const count = await countListed(database, sql`select from organization o where ${wanted}`);
	const { rows } = await sql<OrganizationRow>`
		select ${rowColumns(principal)} from organization o where ${wanted} order by ${orderOf(query)}
		limit ${query.pageSize} offset ${(query.page - 1) * query.pageSize}`.execute(database);
	return { rows, ...count };
}

/** How many organizations match; all of them are counted. */
export function countOrganizations(
	database: Database,
	selection: OrganizationSelection,
): Promise<number> {
	return countAll(database, sql`select from organization o where ${matching(selection)}`);
}

/** Every organization that matches, in order, portion by portion of one moment. */
export async function* readOrganizationPortions(
	database: Database,
	client: pg.ClientBase,
	principal: Principal,
	selection: OrganizationSelection,
	portionRows: number,
): AsyncGenerator<OrganizationRow[]> {
	const select = sql`
		select ${rowColumns(principal)} from organization o where ${matching(selection)}
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

function matching({ q }: OrganizationSelection): RawBuilder<SqlBool> {
	if (q === '') return sql`true`;
	const pattern = containing(q);
	return sql`o.organization_no in (
		select organization_no from organization where name ilike ${pattern}
		union select organization_no from organization_host where host ilike ${pattern}
	)`;
}

function orderOf({ sort, direction }: OrganizationSelection): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	return sort === 'name'
		? sql`o.name ${way}, o.organization_no ${way}`
		: sql`o.organization_no ${way}`;
}
