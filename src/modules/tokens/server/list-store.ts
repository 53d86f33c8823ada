import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import { countLimit } from '#contract/list.ts';
import type { Scope } from '#contract/scope.ts';
import { inScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import {
	offeredAtOnce,
	type TokenDetails,
	type TokenPage,
	type TokenQuery,
	type TokenRow,
	type TokenSort,
	type TokenState,
} from '../contract.ts';
import { seesAllTokens, type TokenPerson } from './rules.ts';

/** Search, filters and order of the list, without the page. */
export type TokenSelection = Omit<TokenQuery, 'page' | 'pageSize'>;

const isOwned = sql<SqlBool>`exists (
	select from v_membership o where o.membership_no = t.owner_membership_no and o.role <> 'b2b')`;
const hasExpired = sql<SqlBool>`coalesce(t.expires_at <= now(), false)`;

const rowColumns = sql`
	t.public_id as "publicId", t.name, t.owner_email as "ownerEmail", t.issuer_email as "issuerEmail",
	case when t.may_control then 'control' else 'read_only' end as kind,
	t.device_nos is not null as "isRestricted",
	case when t.revoked_at is not null then 'revoked' when ${hasExpired} then 'expired'
		when ${isOwned} then 'active' else 'ownerless' end as state,
	${epochMs('t.created_at')} as "createdAtMs", ${epochMs('t.expires_at')} as "expiresAtMs",
	${epochMs('t.revoked_at')} as "revokedAtMs", t.revoked_by_email as "revokedBy",
	${epochMs('t.last_used_at')} as "lastUsedAtMs", t.last_used_ip as "lastUsedIp"`;

/** One page of the tokens that a reader may see, and how many there are, counted up to 10,000. */
export async function readTokenPage(
	database: Database,
	reader: TokenPerson,
	query: TokenQuery,
): Promise<TokenPage> {
	const wanted = await conditionOf(database, reader, query);
	return readPage<TokenRow>(database, query, {
		rows: sql`select ${rowColumns} from api_token t`,
		key: 't.token_no',
		matching: sql`select t.token_no from api_token t where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many tokens match; all of them are counted. */
export async function countTokens(
	database: Database,
	reader: TokenPerson,
	selection: TokenSelection,
): Promise<number> {
	const wanted = await conditionOf(database, reader, selection);
	return countAll(database, sql`select from api_token t where ${wanted}`);
}

/** Every token that matches, in order, portion by portion of one moment. */
export async function* readTokenPortions(
	database: Database,
	client: pg.ClientBase,
	reader: TokenPerson,
	selection: TokenSelection,
	portionRows: number,
): AsyncGenerator<TokenRow[]> {
	const wanted = await conditionOf(database, reader, selection);
	const select = sql`
		select ${rowColumns} from api_token t where ${wanted}
		order by ${orderOf(selection)}`.compile(database);
	yield* readInPortions<TokenRow>(client, select.sql, portionRows, select.parameters);
}

/** Owners of tokens that a reader may see, by a part of their e-mail. */
export async function readOwners(
	database: Database,
	reader: TokenPerson,
	text: string,
): Promise<string[]> {
	const { rows } = await sql<{ email: string }>`
		select distinct t.owner_email as email from api_token t
		where ${visibleTo(reader)} and t.owner_email ilike ${containing(text)}
		order by email limit ${offeredAtOnce}`.execute(database);
	return rows.map(({ email }) => email);
}

/** One token that a reader may see, with its devices as far as the reader sees them; or undefined. */
export async function readTokenDetails(
	database: Database,
	reader: TokenPerson,
	publicId: string,
): Promise<TokenDetails | undefined> {
	const { rows } = await sql<TokenDetails>`
		select ${rowColumns}, case when t.device_nos is not null then array(
			select d.device_id from v_device d
			where d.device_no = any(t.device_nos) and ${inScope(reader.scope)} order by d.device_id
		) end as "deviceIds"
		from api_token t where t.public_id = ${publicId} and ${visibleTo(reader)}`.execute(database);
	return rows[0];
}

/** Whether any device in service is in both scopes. */
export async function shareDevices(database: Database, one: Scope, other: Scope): Promise<boolean> {
	const { rows } = await sql<{ shares: boolean }>`
		select exists (
			select from v_device d where d.retired_at is null and ${inScope(one)} and ${inScope(other)}
		) as shares`.execute(database);
	return rows[0]?.shares ?? false;
}

/** Numbers by ids of those of the devices that are in service in both scopes. */
export async function findSharedDevices(
	database: Database,
	one: Scope,
	other: Scope,
	deviceIds: readonly string[],
): Promise<Map<string, number>> {
	const { rows } = await sql<{ device_id: string; device_no: number }>`
		select d.device_id, d.device_no from v_device d
		where d.device_id = any(${deviceIds}::text[]) and d.retired_at is null
			and ${inScope(one)} and ${inScope(other)}`.execute(database);
	return new Map(rows.map((row) => [row.device_id, row.device_no]));
}

/** Ids of the first devices in both scopes that hold a text. */
export async function searchSharedDevices(
	database: Database,
	one: Scope,
	other: Scope,
	text: string,
): Promise<string[]> {
	const { rows } = await sql<{ device_id: string }>`
		select d.device_id from v_device d
		where d.retired_at is null and ${inScope(one)} and ${inScope(other)}
			and d.device_id ilike ${containing(text)}
		order by d.device_id limit ${offeredAtOnce}`.execute(database);
	return rows.map((row) => row.device_id);
}

/** A member who is asked for as owner. */
export interface OwnerCandidate {
	readonly userId: string;
	readonly email: string;
	readonly name: string;
	readonly role: TokenPerson['role'];
	readonly dealerNo: number | null;
	readonly customerNos: number[] | null;
}

/** Members of the organization whose name or e-mail holds a text and who may be the issuer's to issue for. */
export async function searchOwnerCandidates(
	database: Database,
	issuer: TokenPerson,
	text: string,
): Promise<OwnerCandidate[]> {
	const pattern = containing(text);
	const { rows } = await sql<OwnerCandidate>`
		select o.user_id as "userId", o.email, o.name, o.role, o.dealer_no as "dealerNo",
			o.customer_nos as "customerNos"
		from v_token_owner o
		where o.organization_no = ${issuer.scope.organizationNo} and o.role <> 'b2b'
			and (o.email ilike ${pattern} or o.name ilike ${pattern})
			and ${candidacy(issuer)}
		order by o.user_id = ${issuer.userId} desc, lower(o.email) limit ${offeredAtOnce}`.execute(
		database,
	);
	return rows;
}

/** The rule `mayIssueFor` as far as SQL can leave out whom it refuses anyway. */
function candidacy({ userId, role, scope }: TokenPerson): RawBuilder<SqlBool> {
	if (role === 'super_admin' || role === 'admin') return sql<SqlBool>`true`;
	if (role !== 'dealer') return sql<SqlBool>`o.user_id = ${userId}`;
	return sql<SqlBool>`(o.dealer_no = ${scope.dealerNo} or o.role = 'customer' and exists (
		select from v_device d where d.retired_at is null and ${inScope(scope)}
			and d.customer_no = any(o.customer_nos)))`;
}

function visibleTo(reader: TokenPerson): RawBuilder<SqlBool> {
	const inOrganization = sql<SqlBool>`t.organization_no = ${reader.scope.organizationNo}`;
	if (seesAllTokens(reader)) return inOrganization;
	return sql<SqlBool>`(${inOrganization}
		and (t.owner_id = ${reader.userId} or t.issuer_id = ${reader.userId}))`;
}

const isEnded = sql`(t.revoked_at is not null or ${hasExpired})`;
const stateConditions: Record<TokenState, RawBuilder<SqlBool>> = {
	active: sql<SqlBool>`not ${isEnded} and ${isOwned}`,
	ownerless: sql<SqlBool>`not ${isEnded} and not ${isOwned}`,
	expired: sql<SqlBool>`t.revoked_at is null and ${hasExpired}`,
	revoked: sql<SqlBool>`t.revoked_at is not null`,
};

async function conditionOf(
	database: Database,
	reader: TokenPerson,
	{ q, owner, state, kind }: TokenSelection,
): Promise<RawBuilder<SqlBool>> {
	const conditions = [visibleTo(reader)];
	if (owner !== undefined) conditions.push(sql`t.owner_email = ${owner}`);
	if (state === 'ownerless') conditions.push(await ownerless(database, reader));
	else if (state !== undefined) conditions.push(sql`(${stateConditions[state]})`);
	if (kind !== undefined) conditions.push(sql`t.may_control = ${kind === 'control'}`);
	if (q !== '')
		conditions.push(
			sql`(t.name || e'\\n' || t.owner_email || e'\\n' || t.public_id) ilike ${containing(q)}`,
		);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** Looked for once, among all that are active otherwise; as a rule there are few. */
async function ownerless(database: Database, reader: TokenPerson): Promise<RawBuilder<SqlBool>> {
	const condition = sql<SqlBool>`(${stateConditions.ownerless})`;
	const { rows } = await sql<{ token_no: number }>`
		select t.token_no from api_token t where ${visibleTo(reader)} and ${condition}
		limit ${countLimit + 1}`.execute(database);
	if (rows.length > countLimit) return condition;
	return sql`t.token_no = any(${rows.map((row) => row.token_no)}::integer[])`;
}

const sortColumns: Record<TokenSort, RawBuilder<unknown>> = {
	created: sql`t.created_at`,
	name: sql`lower(t.name)`,
	owner: sql`t.owner_email`,
	expires: sql`t.expires_at`,
	last_used: sql`t.last_used_at`,
};

/** PostgreSQL walks an index both ways with nulls last upwards and first downwards: "never" is the latest expiry. */
function orderOf({ sort, direction }: TokenSelection): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	if (sort === 'last_used' && direction === 'desc')
		return sql`t.last_used_at desc nulls last, t.token_no desc`;
	return sql`${sortColumns[sort]} ${way}, t.token_no ${way}`;
}
