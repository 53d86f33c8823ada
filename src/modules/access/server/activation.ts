import { brandOf } from '#modules/organization/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { queueMail } from '#platform/mail/queue.ts';
import { linkSeconds, sendLink } from './account-link.ts';
import { type LinkBaseOptions, linkBaseFor } from './link-base.ts';
import { accessMail, activationMail, providerAccessMail } from './mails.ts';
import { isSuperAdmin } from './policy/store.ts';
import { readWaysOf, unnamedProvider } from './policy/ways.ts';

/** Who gets access to which organization. */
export interface Invitation {
	readonly userId: string;
	readonly organizationNo: number;
	/** Host that the inviting Admin asked, with or without a port. */
	readonly host: string;
}

/**
 * Tells somebody that they were given access: with a link to activate the account, or, where that was done before or
 * no password is needed, to sign in. Part of the transaction that gives it. A link sent before ends.
 */
export async function sendActivation(
	transaction: Database,
	{ userId, organizationNo, host }: Invitation,
	linkBase: LinkBaseOptions,
): Promise<void> {
	const { email, isActivated, organizationName } = await transaction
		.selectFrom('auth_user as u')
		.innerJoin('v_organization as o', (join) => join.on('o.organization_no', '=', organizationNo))
		.select(['u.email', 'u.emailVerified as isActivated', 'o.name as organizationName'])
		.where('u.id', '=', userId)
		.$narrowType<{ organizationName: string }>()
		.executeTakeFirstOrThrow();
	const named = {
		brand: await brandOf(transaction, organizationNo),
		email,
		linkBase: await linkBaseFor(transaction, organizationNo, host, linkBase),
	};
	const insteadAt = await providerInsteadOfPassword(transaction, userId, organizationNo);
	if (isActivated || insteadAt !== null)
		await queueMail(transaction, {
			organizationNo,
			userId,
			senderName: organizationName,
			recipient: email,
			content: insteadAt === null ? accessMail(named) : providerAccessMail(named, insteadAt),
			// As long as a mail with a link: the outbox does not tell who needs none.
			validSeconds: linkSeconds.activate,
		});
	else
		await sendLink(
			transaction,
			'activate',
			{ userId, email, organizationNo, organizationName },
			(token) => activationMail(named, token),
		);
}

/** What the provider is called where an account has no other way into an organization; null: it uses a password. */
async function providerInsteadOfPassword(
	database: Database,
	userId: string,
	organizationNo: number,
): Promise<string | null> {
	const ways = await readWaysOf(database, organizationNo);
	if (ways === undefined || ways.allowsPassword || (await isSuperAdmin(database, userId)))
		return null;
	return ways.provider ?? unnamedProvider;
}
