import { type ProviderRefusal, providerRefusals } from '../../contract.ts';
import { text } from '../text.ts';

/**
 * Why a sign-in at the provider came to nothing, as the address of the sign-in page says; null when it does not.
 * @param allowsPassword whether there is another way in
 */
export function refusalText(refused: string | undefined, allowsPassword: boolean): string | null {
	const refusal = providerRefusals.find((each) => each === refused);
	if (refusal === undefined) return null;
	return (allowsPassword ? null : sentencesAlone[refusal]) ?? sentences[refusal];
}

const sentences: Readonly<Record<ProviderRefusal, string>> = {
	off: text('refusedOff'),
	unreachable: text('refusedUnreachable'),
	refused: text('refusedRefused'),
	over: text('refusedOver'),
	unverified: text('refusedUnverified'),
	unknown: text('refusedUnknown'),
	super_admin: text('refusedSuperAdmin'),
};

/** Those that do not say to use a password. */
const sentencesAlone: Readonly<Partial<Record<ProviderRefusal, string>>> = {
	off: text('refusedOffAlone'),
	unreachable: text('refusedUnreachableAlone'),
	unverified: text('refusedUnverifiedAlone'),
};
