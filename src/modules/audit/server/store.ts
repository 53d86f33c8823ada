import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import { countLimit } from '#contract/list.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import type { AuditEntry, AuditPage, AuditQuery, AuditRow, AuditSort } from '../contract.ts';

/** Search, filters and order of the list, without the page. */
export type AuditSelection = Omit<AuditQuery, 'page' | 'pageSize'>;

/** People offered as a filter at once; more are found by typing. */
const offeredPeople = 50;

const rowColumns = sql`
	e.audit_no as "auditNo", ${epochMs('e.at')} as "atMs",
	e.user_email as "userEmail", e.acting_as as "actingAs", e.token_name as "tokenName", e.action, e.subject_kind as "subjectKind",
	e.subject_id as "subjectId", e.ip, e.request_id as "requestId"`;
const entryColumns = sql`
	${rowColumns}, e.user_id as "userId", e.user_agent as "userAgent", e.before, e.after`;

/** One page of an organization's entries, and how many there are up to {@link countLimit}. */
export async function readAuditPage(
	database: Database,
	organizationNo: number,
	query: AuditQuery,
): Promise<AuditPage> {
	const wanted = await conditionOf(database, organizationNo, query);
	return readPage<AuditRow>(database, query, {
		rows: sql`select ${rowColumns} from audit_entry e`,
		key: 'e.audit_no',
		matching: sql`select e.audit_no from audit_entry e where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many entries match; all of them are counted. */
export async function countAudit(
	database: Database,
	organizationNo: number,
	selection: AuditSelection,
): Promise<number> {
	const wanted = await conditionOf(database, organizationNo, selection);
	return countAll(database, sql`select from audit_entry e where ${wanted}`);
}

/** Every entry that matches, in order, portion by portion of one moment. */
export async function* readAuditPortions(
	database: Database,
	client: pg.ClientBase,
	organizationNo: number,
	selection: AuditSelection,
	portionRows: number,
): AsyncGenerator<AuditEntry[]> {
	const wanted = await conditionOf(database, organizationNo, selection);
	const select = sql`
		select ${entryColumns} from audit_entry e where ${wanted} order by ${orderOf(selection)}`.compile(
		database,
	);
	yield* readInPortions<AuditEntry>(client, select.sql, portionRows, select.parameters);
}

/** One entry of the organization, or undefined. */
export async function readAuditEntry(
	database: Database,
	organizationNo: number,
	auditNo: number,
): Promise<AuditEntry | undefined> {
	const { rows } = await sql<AuditEntry>`
		select ${entryColumns} from audit_entry e
		where e.audit_no = ${auditNo} and e.organization_no = ${organizationNo}`.execute(database);
	return rows[0];
}

/** What the entries of the organization can be filtered by. */
export async function readAuditFilters(
	database: Database,
	organizationNo: number,
	personText: string,
): Promise<{ actions: string[]; subjectKinds: string[]; people: string[] }> {
	const actions = await readDistinct(database, organizationNo, 'action');
	const subjectKinds = await readDistinct(database, organizationNo, 'subject_kind');
	const people = await readPeople(database, organizationNo, personText);
	return { actions, subjectKinds, people };
}

/**
 * The first people whose e-mail holds a text. A text that finds few entries is looked up by its trigrams; one that finds
 * many is compared from person to person, which soon has enough of them.
 */
async function readPeople(
	database: Database,
	organizationNo: number,
	text: string,
): Promise<string[]> {
	const isSought = sql`value ilike ${containing(text)}`;
	const { rows: found } = await sql<{ value: string }>`
		select value from (
			select e.user_email as value from audit_entry e where e.organization_no = ${organizationNo}
		) people where ${isSought} limit ${countLimit + 1}`.execute(database);
	if (found.length <= countLimit)
		return [...new Set(found.map(({ value }) => value))].sort().slice(0, offeredPeople);
	const { rows } = await sql<{ value: string }>`
		${distinct(organizationNo, 'user_email')} where ${isSought} limit ${offeredPeople}`.execute(
		database,
	);
	return rows.map(({ value }) => value);
}

async function readDistinct(
	database: Database,
	organizationNo: number,
	column: 'action' | 'subject_kind',
): Promise<string[]> {
	const { rows } = await sql<{ value: string }>`${distinct(organizationNo, column)}`.execute(
		database,
	);
	return rows.map(({ value }) => value);
}

/** Steps from value to value by the column's index: a log has many entries and few values. */
function distinct(
	organizationNo: number,
	column: 'action' | 'subject_kind' | 'user_email',
): RawBuilder<unknown> {
	const value = sql.ref(`e.${column}`);
	const ofOrganization = sql`e.organization_no = ${organizationNo}`;
	return sql`
		with recursive found as (
			(select ${value} as value from audit_entry e where ${ofOrganization} order by ${value} limit 1)
			union all
			select next.value from found, lateral (
				select ${value} as value from audit_entry e
				where ${ofOrganization} and ${value} > found.value order by ${value} limit 1
			) next
		)
		select value from found`;
}

const sortColumns: Record<AuditSort, readonly string[]> = {
	at: [],
	person: ['user_email'],
	action: ['action'],
	subject: ['subject_kind', 'subject_id'],
};

function orderOf({ sort, direction }: AuditSelection): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	const columns = [...sortColumns[sort], 'at', 'audit_no'];
	return sql.join(columns.map((column) => sql`${sql.ref(`e.${column}`)} ${way}`));
}

async function conditionOf(
	database: Database,
	organizationNo: number,
	{ q, action, person, subjectKind, fromMs, toMs }: AuditSelection,
): Promise<RawBuilder<SqlBool>> {
	const conditions: RawBuilder<SqlBool>[] = [sql`e.organization_no = ${organizationNo}`];
	if (action !== undefined) conditions.push(sql`e.action = ${action}`);
	if (person !== undefined) conditions.push(sql`e.user_email = ${person}`);
	if (subjectKind !== undefined) conditions.push(sql`e.subject_kind = ${subjectKind}`);
	if (fromMs !== undefined) conditions.push(sql`e.at >= ${new Date(fromMs)}`);
	if (toMs !== undefined) conditions.push(sql`e.at < ${new Date(toMs)}`);
	if (q !== '') conditions.push(await matching(database, organizationNo, q));
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/**
 * Entries that a text finds. A text that finds few is looked up by the indexes; one that finds many is compared while
 * the list is walked in its order, which then fills a page soon.
 */
async function matching(
	database: Database,
	organizationNo: number,
	q: string,
): Promise<RawBuilder<SqlBool>> {
	const isOfPerson = sql`e.user_email ilike ${containing(q)}`;
	const isOfSubject = sql`e.subject_id ilike ${containing(q)}`;
	const isOfRequest = sql`e.request_id = ${q.toLowerCase()}`;
	const of = (condition: RawBuilder<unknown>) => sql`
		(select e.audit_no from audit_entry e
			where e.organization_no = ${organizationNo} and ${condition} limit ${countLimit + 1})`;
	const { rows } = await sql<{ audit_no: number }>`
		${of(isOfPerson)} union ${of(isOfSubject)} union ${of(isOfRequest)}`.execute(database);
	if (rows.length <= countLimit)
		return sql`e.audit_no = any(${rows.map((row) => row.audit_no)}::bigint[])`;
	return sql`(${isOfPerson} or ${isOfSubject} or ${isOfRequest})`;
}
