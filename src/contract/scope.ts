import { fault } from './faults.ts';

/**
 * What a reader may see. It is an argument of every read of fleet data; what lies outside does not exist for the
 * reader. Each part narrows the one before it; `null` means "not narrowed".
 */
export interface Scope {
	readonly organizationNo: number;
	readonly dealerNo: number | null;
	readonly customerNos: readonly number[] | null;
	readonly deviceNos: readonly number[] | null;
}

/** To whom a device belongs at this moment. */
export interface Belonging {
	readonly organizationNo: number;
	readonly dealerNo: number | null;
	readonly customerNo: number | null;
}

/** Whether a device belongs to the same before and after; null: there is no such device. */
export function belongsAlike(one: Belonging | null, other: Belonging | null): boolean {
	if (one === null || other === null) return one === other;
	return (
		one.organizationNo === other.organizationNo &&
		one.dealerNo === other.dealerNo &&
		one.customerNo === other.customerNo
	);
}

/** Whether a device that belongs so lies inside the scope. Stores express the same rule in SQL (`inScope`). */
export function isInScope(scope: Scope, deviceNo: number, belonging: Belonging): boolean {
	if (belonging.organizationNo !== scope.organizationNo) return false;
	if (scope.dealerNo !== null && belonging.dealerNo !== scope.dealerNo) return false;
	if (
		scope.customerNos !== null &&
		(belonging.customerNo === null || !scope.customerNos.includes(belonging.customerNo))
	)
		return false;
	return scope.deviceNos === null || scope.deviceNos.includes(deviceNo);
}

/** Whether the scope is narrowed by nothing but the organization. */
export function isWholeOrganization({ dealerNo, customerNos, deviceNos }: Scope): boolean {
	return dealerNo === null && customerNos === null && deviceNos === null;
}

/**
 * Refuses who sees a part of the organization only: what concerns all of it, or would be outside their sight at once.
 * @returns the organization's number
 * @throws `not_permitted`
 */
export function requireWholeOrganization(scope: Scope): number {
	if (!isWholeOrganization(scope)) throw fault('not_permitted');
	return scope.organizationNo;
}
