import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Role } from '#contract/roles.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readPage } from '#platform/database/read-page.ts';
import type { MailRow, MailSort, OutboxPage, OutboxQuery } from '../contract.ts';

/** Who reads the outbox of a whole organization. */
export interface OutboxReader {
	readonly organizationNo: number;
	readonly role: Role;
}

/** One page of an organization's mails, and how many there are. */
export function readOutboxPage(
	database: Database,
	reader: OutboxReader,
	query: OutboxQuery,
): Promise<OutboxPage> {
	const wanted = conditionOf(reader, query);
	return readPage<MailRow>(database, query, {
		rows: sql`select ${rowColumns(reader)} from v_mail e`,
		key: 'e.mail_no',
		matching: sql`select e.mail_no from v_mail e where ${wanted}`,
		order: orderOf(query),
	});
}

/** One mail of the organization, or undefined. */
export async function readMail(
	database: Database,
	reader: OutboxReader,
	mailNo: number,
): Promise<MailRow | undefined> {
	const { rows } = await sql<MailRow>`
		select ${rowColumns(reader)} from v_mail e
		where e.mail_no = ${mailNo} and e.organization_no = ${reader.organizationNo}`.execute(database);
	return rows[0];
}

/** The text of a mail, while it says something valid. */
export async function readText(
	database: Database,
	{ organizationNo }: OutboxReader,
	mailNo: number,
): Promise<string | null> {
	const { rows } = await sql<{ text: string | null }>`
		select e.text from v_mail e where e.mail_no = ${mailNo}
			and e.organization_no = ${organizationNo} and e.body_until > now()`.execute(database);
	return rows[0]?.text ?? null;
}

const hasText = sql`(e.text is not null and e.body_until > now())`;

/**
 * A link in a mail opens the whole account it was sent to. So an Admin reads what was sent to accounts that reach no
 * further than the Admin does: not into another organization, and not above. Of a mail whose text is gone nothing says
 * whether it was one of those.
 */
function rowColumns({ role }: OutboxReader): RawBuilder<unknown> {
	const mayRead =
		role === 'super_admin'
			? sql`true`
			: sql`not exists (
				select from v_account_reach r where r.user_id = e.user_id
					and (r.organizations > 1 or r.is_super_admin)
			)`;
	return sql`
		e.mail_no as "mailNo", ${epochMs('e.created_at')} as "createdAtMs", e.recipient, e.subject, e.state,
		e.attempts, e.last_error as "lastError", ${epochMs('e.ended_at')} as "endedAtMs",
		case when e.state = 'queued' then ${epochMs('e.next_attempt_at')} end as "nextAttemptAtMs",
		case when ${hasText} then ${epochMs('e.body_until')} end as "textUntilMs",
		${hasText} and ${mayRead} as "mayReadText"`;
}

const sortColumns: Record<MailSort, readonly string[]> = { created: [], recipient: ['recipient'] };

function orderOf({ sort, direction }: OutboxQuery): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	const columns = [...sortColumns[sort], 'created_at', 'mail_no'];
	return sql.join(columns.map((column) => sql`${sql.ref(`e.${column}`)} ${way}`));
}

function conditionOf(
	{ organizationNo }: OutboxReader,
	{ q, state }: OutboxQuery,
): RawBuilder<SqlBool> {
	const conditions: RawBuilder<SqlBool>[] = [sql`e.organization_no = ${organizationNo}`];
	if (state !== undefined) conditions.push(sql`e.state = ${state}`);
	if (q !== '')
		conditions.push(sql`(e.recipient ilike ${containing(q)} or e.subject ilike ${containing(q)})`);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}
