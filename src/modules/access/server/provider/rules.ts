import type { ProviderSettings } from '../../contract.ts';

/** Whether a provider, as it is configured now, still lets in everybody whom it let in before. */
export function letsInAsBefore(
	before: Omit<ProviderSettings, 'label'>,
	after: Omit<ProviderSettings, 'label'>,
): boolean {
	return (
		after.isEnabled &&
		after.issuer === before.issuer &&
		// To another client a provider may name the same person by another subject.
		after.clientId === before.clientId &&
		isAsWide(before.domains, after.domains)
	);
}

/** None are any. */
function isAsWide(before: readonly string[], after: readonly string[]): boolean {
	if (after.length === 0) return true;
	return before.length > 0 && before.every((domain) => after.includes(domain));
}
