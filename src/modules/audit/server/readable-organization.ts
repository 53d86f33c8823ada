import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { isWholeOrganization } from '#contract/scope.ts';

/**
 * The organization whose log somebody reads. Entries name what lies outside a narrowed scope.
 * @throws `not_permitted`
 */
export function readableOrganization({ scope }: Principal): number {
	if (!isWholeOrganization(scope)) throw fault('not_permitted');
	return scope.organizationNo;
}
