import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { noteMailRead } from '#modules/access/server/index.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { queueAgain } from '#platform/mail/queue.ts';
import type { MailRow } from '../contract.ts';
import { type OutboxReader, readMail, readText } from './store.ts';

/** Who reads an outbox: somebody who sees the whole organization. @throws `not_permitted` */
export function readerOf({ scope, role }: Actor['principal']): OutboxReader {
	return { organizationNo: requireWholeOrganization(scope), role };
}

/** One mail of the organization. @throws `not_found` */
export async function findMail(
	database: Database,
	reader: OutboxReader,
	mailNo: number,
): Promise<MailRow> {
	const mail = await readMail(database, reader, mailNo);
	if (mail === undefined) throw fault('not_found', { thing: 'mail' });
	return mail;
}

/**
 * The text of a mail. Its link lets the reader in as somebody else, so it is written down that it was read.
 * @throws `not_permitted` for a mail to an account that reaches further than the reader, `not_found` when it is gone
 */
export function readMailText(
	database: Database,
	{ principal, origin }: Actor,
	mailNo: number,
): Promise<string> {
	const reader = readerOf(principal);
	return database.transaction().execute(async (transaction) => {
		const mail = await findMail(transaction, reader, mailNo);
		const text = await readText(transaction, reader, mailNo);
		if (text === null) throw fault('not_found', { thing: 'text of a mail any more' });
		if (!mail.mayReadText) throw fault('not_permitted');
		if (principal.role !== 'super_admin') await noteMailRead(transaction, mailNo);
		await recordAudit(transaction, principal, origin, {
			action: 'mail.read',
			subject: { kind: 'mail', id: String(mailNo) },
			before: null,
			after: { recipient: mail.recipient, subject: mail.subject },
		});
		return text;
	});
}

/** Sends a mail again. @throws `mail_not_waiting` when there is nothing to send */
export function sendMailAgain(
	database: Database,
	{ principal, origin }: Actor,
	mailNo: number,
): Promise<MailRow> {
	const reader = readerOf(principal);
	return database.transaction().execute(async (transaction) => {
		const before = await findMail(transaction, reader, mailNo);
		if (!(await queueAgain(transaction, mailNo))) throw fault('mail_not_waiting');
		await recordAudit(transaction, principal, origin, {
			action: 'mail.send_again',
			subject: { kind: 'mail', id: String(mailNo) },
			before: stateOf(before),
			after: { ...stateOf(before), state: 'queued' },
		});
		return findMail(transaction, reader, mailNo);
	});
}

function stateOf({ recipient, subject, state }: MailRow) {
	return { recipient, subject, state };
}
