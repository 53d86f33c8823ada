import type { EndpointReply } from '#contract/endpoint.ts';
import type { SignInPolicy, showSignInPolicy } from '../../contract.ts';
import { text } from '../text.ts';

interface PolicyStep {
	readonly before: SignInPolicy;
	readonly after: SignInPolicy;
	/** How whoever changes it stands to it. */
	readonly own: EndpointReply<typeof showSignInPolicy>['own'];
	/** What the organization's provider is called; null: there is none in use. */
	readonly provider: string | null;
}

/** What a change of the policy means for everybody, and at last for who makes it. */
export function whatPolicyChanges({ before, after, own, provider }: PolicyStep): string {
	const sentences: string[] = [];
	const name = provider ?? text('provider');
	const isFactorNew = after.requiresSecondFactor && !before.requiresSecondFactor;
	const isPasswordGone = before.allowsPassword && !after.allowsPassword;
	if (isFactorNew) sentences.push(text('factorWillBe'));
	if (before.requiresSecondFactor && !after.requiresSecondFactor)
		sentences.push(text('factorWillNotBe'));
	if (isPasswordGone) sentences.push(text('passwordsWillNotBe', { provider: name }));
	if (!before.allowsPassword && after.allowsPassword) sentences.push(text('passwordsWillBe'));
	if (sentences.length === 0) return text('policySame');
	if (isPasswordGone && own.isByPassword && !own.isSuperAdmin)
		sentences.push(text('ownSessionEnds', { provider: name }));
	else if (isFactorNew && own.isByPassword && !own.hasSecondFactor)
		sentences.push(text('ownFactorMissing'));
	return sentences.join(' ');
}
