import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import type { RenderedMail } from './render-mail.ts';

/** A mail to be sent once its transaction is committed. */
export interface NewMail {
	readonly organizationNo: number;
	/** Whose account it is about. */
	readonly userId: string | null;
	/** The organization's name. */
	readonly senderName: string;
	readonly recipient: string;
	readonly content: RenderedMail;
	/** How long what it says is good for; it is not sent later, and its text is not kept longer. */
	readonly validSeconds: number;
}

/** Puts a mail into the outbox, as part of the transaction of what it belongs to. @returns its number */
export async function queueMail(transaction: Database, mail: NewMail): Promise<number> {
	const { mail_no } = await transaction
		.insertInto('mail')
		.values({
			organization_no: mail.organizationNo,
			user_id: mail.userId,
			sender_name: mail.senderName,
			recipient: mail.recipient,
			subject: mail.content.subject,
			text: mail.content.text,
			html: mail.content.html,
			body_until: sql`now() + make_interval(secs => ${mail.validSeconds})`,
		})
		.returning('mail_no')
		.executeTakeFirstOrThrow();
	return mail_no;
}

/** Sends a mail that failed or was kept again, from the first attempt. @returns false when its text is gone */
export async function queueAgain(transaction: Database, mailNo: number): Promise<boolean> {
	const queued = await transaction
		.updateTable('mail')
		.set({
			state: 'queued',
			attempts: 0,
			next_attempt_at: sql`now()`,
			last_error: null,
			ended_at: null,
		})
		.where('mail_no', '=', mailNo)
		.where('state', 'in', ['failed', 'kept'])
		.where('text', 'is not', null)
		.where('body_until', '>', sql<Date>`now()`)
		.returning('mail_no')
		.executeTakeFirst();
	return queued !== undefined;
}

/** Ends mails that say nothing valid any more, as part of the transaction that made it so. */
export async function endMails(transaction: Database, mailNos: readonly number[]): Promise<void> {
	if (mailNos.length === 0) return;
	await transaction
		.updateTable('mail')
		.set({ body_until: sql`now()` })
		.where('mail_no', 'in', mailNos)
		.execute();
}
