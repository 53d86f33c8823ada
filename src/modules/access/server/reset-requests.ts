import { sql } from 'kysely';
import type { Role } from '#contract/roles.ts';
import { type AuditOrigin, recordAudit } from '#modules/audit/server/index.ts';
import { brandOf } from '#modules/organization/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { hostNameOf } from '#platform/http/host-name.ts';
import type { Log } from '#platform/log.ts';
import { type LinkReceiver, sendLink } from './account-link.ts';
import { type LinkBaseOptions, linkBaseFor } from './link-base.ts';
import { linkHolder } from './link-holder.ts';
import { resetMail } from './mails.ts';
import { mayUsePassword } from './policy/store.ts';

/** Requests that may wait; their number is bounded by the limits per address, so this is never reached in peace. */
const mostWaiting = 1_000;

export interface ResetRequest {
	readonly email: string;
	/** Host that was asked, with or without a port. */
	readonly host: string;
	readonly origin: AuditOrigin;
}

export interface ResetRequestsOptions {
	readonly database: Database;
	readonly log: Log;
	readonly linkBase: () => LinkBaseOptions;
}

/**
 * Works requests for reset links off, one after the other and apart from the requests of the browsers, so that neither
 * the answer nor its time tells whether an account exists.
 */
export class ResetRequests {
	readonly #options: ResetRequestsOptions;
	#waiting = 0;
	#last: Promise<void> = Promise.resolve();

	constructor(options: ResetRequestsOptions) {
		this.#options = options;
	}

	/** Takes a request; what comes of it is for its mail to tell. */
	take(request: ResetRequest): void {
		const { log } = this.#options;
		if (this.#waiting >= mostWaiting) {
			log.warn('too many requests for reset links wait; one was dropped');
			return;
		}
		this.#waiting += 1;
		this.#last = this.#last
			.then(() => this.#work(request))
			.catch((error) => log.error({ err: error }, 'a request for a reset link failed'))
			.finally(() => {
				this.#waiting -= 1;
			});
	}

	/** Waits until all that were taken are done. */
	async settled(): Promise<void> {
		await this.#last;
	}

	async #work({ email, host, origin }: ResetRequest): Promise<void> {
		const { database, linkBase } = this.#options;
		await database.transaction().execute(async (transaction) => {
			const account = await findAccountAt(transaction, email, host);
			if (account === undefined) return;
			const base = await linkBaseFor(transaction, account.organizationNo, host, linkBase());
			const brand = await brandOf(transaction, account.organizationNo);
			await sendLink(transaction, 'reset', account, (token) =>
				resetMail({ brand, email: account.email, linkBase: base }, token),
			);
			await recordAudit(transaction, linkHolder(account), origin, {
				action: 'password.reset_request',
				subject: { kind: 'account', id: account.email },
				before: null,
				after: null,
			});
		});
	}
}

interface Account extends LinkReceiver {
	readonly role: Role;
}

/**
 * The account with this e-mail, at the organization of the host; on a host of none, at its first. Only where the
 * password would open something.
 */
async function findAccountAt(
	database: Database,
	email: string,
	host: string,
): Promise<Account | undefined> {
	const hostName = hostNameOf(host);
	const { rows } = await sql<Account>`
		select u.id as "userId", u.email, m.role, m.organization_no as "organizationNo",
			o.name as "organizationName"
		from auth_user u
		join v_membership m on m.user_id = u.id
		join v_organization o on o.organization_no = m.organization_no
		left join v_organization_host h on h.host = ${hostName}
		left join sign_in_policy p on p.organization_no = m.organization_no
		where u.email = ${email.trim().toLowerCase()}
			and (h.organization_no is null or h.organization_no = m.organization_no)
			and ${mayUsePassword}
		order by m.membership_no limit 1
	`.execute(database);
	return rows[0];
}
