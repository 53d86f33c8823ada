import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Database, isUnavailable } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import { waitAtMost } from '#platform/patience.ts';
import { type MailCarrier, MailRefusal, type OutgoingMail } from './carrier.ts';
import { pauseAfter } from './retry.ts';

/** A mail that is being sent belongs to its sender for this long; then another takes it for lost. */
const claimSeconds = 300;
/** After a refusal that concerns all mails, the next one is tried so much later. */
const troublePauseMs = 5_000;
const recordPauseMs = 500;
const stopPatienceMs = 5_000;
/** What is left of a mail is shown so long. */
const keptDays = 90;
const longestErrorLength = 500;

export interface MailSenderOptions {
	readonly database: Database;
	readonly carrier: MailCarrier;
	/** Hears whose bodies were emptied. */
	readonly forget: (mailNos: readonly number[]) => Promise<void>;
	readonly log: Log;
	/** How often is looked for mails to send. */
	readonly intervalMs?: number;
}

interface ClaimedMail extends OutgoingMail {
	readonly attempts: number;
	/** Nothing in it holds any more. */
	readonly isPast: boolean;
}

/**
 * Sends what is in the outbox, one mail after the other. A mail is claimed before it is sent and its outcome written
 * down afterwards: what was sent is not sent again, unless the server ends in between.
 */
export class MailSender {
	readonly #options: MailSenderOptions;
	readonly #stopping = new AbortController();
	#running: Promise<void> = Promise.resolve();

	constructor(options: MailSenderOptions) {
		this.#options = options;
	}

	start(): void {
		const { carrier, log } = this.#options;
		if (carrier.outcome === 'kept')
			log.warn(
				'SMTP_URL is not set: mails are kept on the Outbox page and as files in DATA_DIR/outbox',
			);
		this.#running = this.#run();
	}

	/** Waits for the mail under way, but not for a server that does not answer: that one is tried again later. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		await waitAtMost(stopPatienceMs, this.#running);
	}

	/** Empties the bodies that say nothing valid any more, and forgets old mails; to be called now and then. */
	async maintain(): Promise<void> {
		const { database, forget } = this.#options;
		const { rows } = await sql<{ mailNo: number }>`
			update mail set text = null, html = null
			where text is not null and body_until <= now() and state <> 'queued'
			returning mail_no as "mailNo"`.execute(database);
		await forget(rows.map(({ mailNo }) => mailNo));
		await sql`delete from mail where created_at < now() - make_interval(days => ${keptDays})`.execute(
			database,
		);
	}

	async #run(): Promise<void> {
		const { log, intervalMs = 1_000 } = this.#options;
		const { signal } = this.#stopping;
		while (!signal.aborted) {
			let pauseMs = intervalMs;
			try {
				while (!signal.aborted) {
					const outcome = await this.#sendNext();
					if (outcome === 'none') break;
					if (outcome === 'trouble') {
						pauseMs = troublePauseMs;
						break;
					}
				}
			} catch (error) {
				if (!isUnavailable(error)) log.error({ err: error }, 'mail: the outbox could not be read');
				pauseMs = troublePauseMs;
			}
			await delay(pauseMs, undefined, { signal }).catch(() => {});
		}
	}

	async #sendNext(): Promise<'none' | 'done' | 'trouble'> {
		const { database, carrier, log } = this.#options;
		const mail = await claim(database);
		if (mail === null) return 'none';
		const facts = { mailNo: mail.mailNo, attempt: mail.attempts };
		if (mail.isPast) {
			await this.#record(mail, { state: 'failed', error: pastSentence });
			log.warn(facts, 'mail: not sent in time');
			return 'done';
		}
		try {
			await carrier.carry(mail);
		} catch (error) {
			return this.#refused(mail, error);
		}
		await this.#record(mail, { state: carrier.outcome });
		log.info(facts, `mail: ${carrier.outcome}`);
		return 'done';
	}

	async #refused(mail: ClaimedMail, error: unknown): Promise<'done' | 'trouble'> {
		const { log } = this.#options;
		const isRefusal = error instanceof MailRefusal;
		const pauseSeconds = isRefusal && error.isFinal ? null : pauseAfter(mail.attempts);
		const reason = (error instanceof Error ? error.message : String(error)).slice(
			0,
			longestErrorLength,
		);
		await this.#record(
			mail,
			pauseSeconds === null
				? { state: 'failed', error: reason }
				: { state: 'queued', error: reason, pauseSeconds },
		);
		const facts = { mailNo: mail.mailNo, attempt: mail.attempts, nextAfterSeconds: pauseSeconds };
		if (isRefusal) log.warn({ ...facts, code: error.code }, 'mail: not taken');
		else log.error({ ...facts, err: error }, 'mail: could not be carried');
		return isRefusal && !error.concernsAll ? 'done' : 'trouble';
	}

	/** Writes an outcome down, however long the database is away: a mail that was sent must not be sent again. */
	async #record(mail: ClaimedMail, outcome: Outcome): Promise<void> {
		for (;;)
			try {
				return await record(this.#options.database, mail, outcome);
			} catch (error) {
				if (!isUnavailable(error) || this.#stopping.signal.aborted) throw error;
				await delay(recordPauseMs);
			}
	}
}

const pastSentence = 'It could not be sent before its link ended. Ask for a new one.';

type Outcome =
	| { readonly state: 'sent' | 'kept' }
	| { readonly state: 'failed'; readonly error: string }
	| { readonly state: 'queued'; readonly error: string; readonly pauseSeconds: number };

/** Takes the mail that has waited longest, so that no other sender does. */
async function claim(database: Database): Promise<ClaimedMail | null> {
	const { rows } = await sql<ClaimedMail>`
		update mail m set
			attempts = m.attempts + 1, next_attempt_at = now() + make_interval(secs => ${claimSeconds})
		from (
			select mail_no from mail where state = 'queued' and next_attempt_at <= now()
			order by next_attempt_at limit 1 for update skip locked
		) next
		where m.mail_no = next.mail_no
		returning m.mail_no as "mailNo", m.message_id as "messageId", m.sender_name as "senderName",
			m.recipient, m.subject, coalesce(m.text, '') as text, coalesce(m.html, '') as html,
			m.created_at as "createdAt", m.attempts, m.body_until <= now() as "isPast"
	`.execute(database);
	return rows[0] ?? null;
}

/** Only the sender that claimed it last has a say. What was sent, or came too late, needs no body any more. */
async function record(database: Database, mail: ClaimedMail, outcome: Outcome): Promise<void> {
	const isEnd = outcome.state !== 'queued';
	const losesBody = outcome.state === 'sent' || mail.isPast;
	await database
		.updateTable('mail')
		.set({
			state: outcome.state,
			last_error: 'error' in outcome ? outcome.error : null,
			...(isEnd && { ended_at: sql`now()` }),
			...(losesBody && { text: null, html: null }),
			...('pauseSeconds' in outcome && {
				next_attempt_at: sql`now() + make_interval(secs => ${outcome.pauseSeconds})`,
			}),
		})
		.where('mail_no', '=', mail.mailNo)
		.where('state', '=', 'queued')
		.where('attempts', '=', mail.attempts)
		.execute();
}
