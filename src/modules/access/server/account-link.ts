import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Role } from '#contract/roles.ts';
import type { Database } from '#platform/database/connect.ts';
import { endMails, queueMail } from '#platform/mail/queue.ts';
import type { RenderedMail } from '#platform/mail/render-mail.ts';
import type { LinkPurpose, LinkState } from '../contract.ts';
import { mayUsePassword } from './policy/store.ts';
import { unnamedProvider } from './policy/ways.ts';

const tokenBytes = 32;

export const linkSeconds: Record<LinkPurpose, number> = {
	activate: 7 * 24 * 3600,
	reset: 3600,
};

export interface LinkReceiver {
	readonly userId: string;
	readonly email: string;
	readonly organizationNo: number;
	readonly organizationName: string;
}

/** A link as it is known by its token. */
export interface AccountLink extends LinkReceiver {
	readonly linkNo: number;
	readonly role: Role;
	readonly state: LinkState;
	/** Whether an Admin read the mail that holds it. */
	readonly wasRead: boolean;
	/** Where its organization signs in instead, and this account too; null: with a password. */
	readonly insteadAt: string | null;
}

/**
 * Sends a link by which somebody sets a password; the one sent before for the same purpose ends. Only the mail holds
 * its token.
 */
export async function sendLink(
	transaction: Database,
	purpose: LinkPurpose,
	receiver: LinkReceiver,
	write: (token: string) => RenderedMail,
): Promise<void> {
	// Two requests at once for one account come one after the other.
	await lockAccount(transaction, receiver.userId);
	await endOpenLinks(transaction, receiver.userId, [purpose], 'replaced');
	const token = randomBytes(tokenBytes).toString('base64url');
	const mailNo = await queueMail(transaction, {
		organizationNo: receiver.organizationNo,
		userId: receiver.userId,
		senderName: receiver.organizationName,
		recipient: receiver.email,
		content: write(token),
		validSeconds: linkSeconds[purpose],
	});
	await transaction
		.insertInto('account_link')
		.values({
			user_id: receiver.userId,
			organization_no: receiver.organizationNo,
			purpose,
			token_hash: hashOfToken(token),
			mail_no: mailNo,
			expires_at: sql`now() + make_interval(secs => ${linkSeconds[purpose]})`,
		})
		.execute();
}

/** Reads a link by its token; undefined where there is none, or its account has no access to its organization. */
export async function readLink(
	database: Database,
	purpose: LinkPurpose,
	token: string,
): Promise<AccountLink | undefined> {
	const { rows } = await sql<AccountLink>`
		select l.link_no as "linkNo", l.user_id as "userId", u.email, m.role,
			l.organization_no as "organizationNo", o.name as "organizationName",
			l.was_read as "wasRead",
			case when not ${mayUsePassword} then coalesce(s.label, ${unnamedProvider}) end as "insteadAt",
			case
				when l.ended_by is not null then l.ended_by
				when l.expires_at <= now() then 'expired'
				else 'valid'
			end as state
		from account_link l
		join auth_user u on u.id = l.user_id
		join v_organization o on o.organization_no = l.organization_no
		join v_membership m on m.user_id = l.user_id and m.organization_no = l.organization_no
		left join sign_in_policy p on p.organization_no = l.organization_no
		left join sign_in_provider s on s.organization_no = l.organization_no
		where l.token_hash = ${hashOfToken(token)} and l.purpose = ${purpose}
	`.execute(database);
	return rows[0];
}

/** Holds back everything else that gives this account a link or a password. */
export async function lockAccount(transaction: Database, userId: string): Promise<void> {
	await transaction
		.selectFrom('auth_user')
		.select('id')
		.where('id', '=', userId)
		.forUpdate()
		.execute();
}

/** Ends an account's links that still work, and the mails that hold them. */
export async function endOpenLinks(
	transaction: Database,
	userId: string,
	purposes: readonly LinkPurpose[],
	endedBy: 'used' | 'replaced',
): Promise<void> {
	const ended = await transaction
		.updateTable('account_link')
		.set({ ended_at: sql`now()`, ended_by: endedBy })
		.where('user_id', '=', userId)
		.where('purpose', 'in', purposes)
		.where('ended_at', 'is', null)
		.returning('mail_no')
		.execute();
	await endMails(
		transaction,
		ended.flatMap(({ mail_no }) => mail_no ?? []),
	);
}

/** A token has 256 random bits: nothing slower than a hash is needed to keep it. */
function hashOfToken(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}

/** Links are told to be past for some time, and then are unknown. */
const rememberedDays = 60;

/** Forgets links that ended long ago. */
export async function removePastLinks(database: Database): Promise<void> {
	await sql`
		delete from account_link where expires_at < now() - make_interval(days => ${rememberedDays})
	`.execute(database);
}
