import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { endpoint } from '#contract/endpoint.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import type { Role } from '#contract/roles.ts';
import { bigRowNumberInPath } from '#contract/row-number.ts';

/** Roles that see what their organization sends. */
const readers = ['super_admin', 'admin'] as const satisfies readonly Role[];

export const mailStates = ['queued', 'sent', 'failed', 'kept'] as const;
export type MailState = (typeof mailStates)[number];

/** One mail as the list shows it. Instants are epoch milliseconds. */
export const mailRowSchema = z.object({
	mailNo: z.int(),
	createdAtMs: z.number(),
	recipient: z.string(),
	subject: z.string(),
	/** Queued: waits to be sent. Kept: there is no mail server, so it is to be handed on by hand. */
	state: z.enum(mailStates),
	attempts: z.int(),
	/** Null unless it is queued. */
	nextAttemptAtMs: z.number().nullable(),
	/** When it was sent, given up or kept. */
	endedAtMs: z.number().nullable(),
	lastError: z.string().nullable(),
	/** Until then its text can be read and sent; null when the text is gone. */
	textUntilMs: z.number().nullable(),
	/** Whether there is a text that the reader may read: a link in it opens the account it was sent to. */
	mayReadText: z.boolean(),
});
export type MailRow = z.infer<typeof mailRowSchema>;

export const mailSorts = ['created', 'recipient'] as const;
export type MailSort = (typeof mailSorts)[number];

export const outboxQuerySchema = z.object({
	...listShape,
	q: listShape.q.describe('Part of recipient or subject'),
	state: z.enum(mailStates).optional(),
	sort: z.enum(mailSorts).default('created'),
	direction: directionSchema.default('desc'),
});
export type OutboxQuery = z.output<typeof outboxQuerySchema>;

export const outboxPageSchema = listPageSchema(mailRowSchema);
export type OutboxPage = z.infer<typeof outboxPageSchema>;

const mailParams = z.object({ mailNo: bigRowNumberInPath });

export const listMails = endpoint({
	method: 'GET',
	path: '/api/admin/outbox',
	summary: 'The mails of the organization: to whom, what about, what became of them',
	admits: readers,
	query: outboxQuerySchema,
	reply: outboxPageSchema,
});

export const showMail = endpoint({
	method: 'GET',
	path: '/api/admin/outbox/:mailNo',
	summary: 'One mail, without its text',
	admits: readers,
	params: mailParams,
	reply: mailRowSchema,
});

export const readMailText = endpoint({
	method: 'POST',
	path: '/api/admin/outbox/:mailNo/text',
	summary: 'The text of a mail that was not sent, with its link; that it was read is audited',
	admits: readers,
	params: mailParams,
	reply: z.object({ text: z.string() }),
});

export const sendMailAgain = endpoint({
	method: 'POST',
	path: '/api/admin/outbox/:mailNo/send-again',
	summary: 'Sends a mail again that failed or was kept',
	admits: readers,
	params: mailParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: mailRowSchema,
});
