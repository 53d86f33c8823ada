import type { AuditedPerson } from '#modules/audit/server/index.ts';
import type { AccountLink } from './account-link.ts';

/** Who acts by the link of an account, or asks for one, as the audit log names them: nobody is signed in. */
export function linkHolder({
	userId,
	email,
	role,
	organizationNo,
}: Pick<AccountLink, 'userId' | 'email' | 'role' | 'organizationNo'>): AuditedPerson {
	return { userId, email, role, credential: { kind: 'link' }, scope: { organizationNo } };
}
