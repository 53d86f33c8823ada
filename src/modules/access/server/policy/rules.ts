import type { SignInPolicy } from '../../contract.ts';

/** How somebody who has a session came in, and could have. */
export interface SessionFacts {
	/** Whether the organization's own provider vouched for them; else it was a password. */
	readonly isByProvider: boolean;
	/** At any organization: no provider may vouch for them. */
	readonly isSuperAdmin: boolean;
	readonly hasSecondFactor: boolean;
}

/** What a session opens in an organization: everything, only the way to a second factor, or nothing. */
export type Worth = 'everything' | 'second_factor' | 'nothing';

/** What a session is worth under a policy. The second factor of who comes by the provider is the provider's matter. */
export function worthOf(policy: SignInPolicy, session: SessionFacts): Worth {
	if (session.isByProvider) return 'everything';
	if (!takesPassword(policy, session)) return 'nothing';
	return policy.requiresSecondFactor && !session.hasSecondFactor ? 'second_factor' : 'everything';
}

/** Whether somebody may come in by password. Super Admins always may: a broken provider would lock everybody out. */
export function takesPassword(
	{ allowsPassword }: Pick<SignInPolicy, 'allowsPassword'>,
	{ isSuperAdmin }: Pick<SessionFacts, 'isSuperAdmin'>,
): boolean {
	return allowsPassword || isSuperAdmin;
}

/** What is known of the only way in that would be left. */
export interface ProviderFacts {
	readonly label: string;
	readonly isEnabled: boolean;
	/** Why it cannot be used, as part of a sentence; null where it answers as it should. */
	readonly problem: string | null;
	/** Whether an Admin has come in by it: were it others alone, every Admin could be locked out. */
	readonly hasLetAdminIn: boolean;
}

/** Why passwords cannot be given up where there is nothing else. */
export const providerMissing = 'there is no provider to sign in with. Set one up first';

/** Why passwords cannot be given up for a provider, with what to do about it; null where they can. */
export function passwordNeededFor(provider: ProviderFacts): string | null {
	const { label, isEnabled, problem, hasLetAdminIn } = provider;
	if (!isEnabled) return `sign-in with ${label} is off. Switch it on first`;
	if (problem !== null) return `${label} cannot be used, since ${problem}. Repair it first`;
	return hasLetAdminIn
		? null
		: `no Admin has signed in with ${label} yet. Sign in with it once, so that it is known to work`;
}
