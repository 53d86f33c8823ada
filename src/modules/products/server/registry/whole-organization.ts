import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';

/**
 * Refuses who sees a part of the organization only: what concerns all of it, or would be outside their sight at once.
 * @throws `not_permitted`
 */
export function requireWholeOrganization(scope: Scope): void {
	if (scope.dealerNo !== null || scope.customerNos !== null || scope.deviceNos !== null)
		throw fault('not_permitted');
}
