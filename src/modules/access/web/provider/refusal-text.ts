import { type ProviderRefusal, providerRefusals } from '../../contract.ts';
import { text } from '../text.ts';

/** Why a sign-in at the provider came to nothing, as the address of the sign-in page says; null when it does not. */
export function refusalText(refused: string | undefined): string | null {
	const refusal = providerRefusals.find((each) => each === refused);
	return refusal === undefined ? null : sentences[refusal];
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
