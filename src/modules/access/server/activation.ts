import { brandOf } from '#modules/organization/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { queueMail } from '#platform/mail/queue.ts';
import { sendLink } from './account-link.ts';
import { type LinkBaseOptions, linkBaseFor } from './link-base.ts';
import { accessMail, activationMail } from './mails.ts';

/** Who gets access to which organization. */
export interface Invitation {
	readonly userId: string;
	readonly organizationNo: number;
	/** Host that the inviting Admin asked, with or without a port. */
	readonly host: string;
}

const accessMailSeconds = 30 * 24 * 3600;

/**
 * Tells somebody that they were given access: with a link to activate the account, or, where that was done before, to
 * sign in. Part of the transaction that gives it. A link sent before ends.
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
	if (isActivated)
		await queueMail(transaction, {
			organizationNo,
			userId,
			senderName: organizationName,
			recipient: email,
			content: accessMail(named),
			validSeconds: accessMailSeconds,
		});
	else
		await sendLink(
			transaction,
			'activate',
			{ userId, email, organizationNo, organizationName },
			(token) => activationMail(named, token),
		);
}
