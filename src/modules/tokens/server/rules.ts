import type { Role } from '#contract/roles.ts';
import { isWholeOrganization, type Scope } from '#contract/scope.ts';

/** A member as far as tokens are concerned. */
export interface TokenPerson {
	readonly userId: string;
	readonly role: Role;
	readonly scope: Scope;
}

/** What the token of a pair of issuer and owner can be. `none`: read-only. */
export type ControlOffer = 'any' | 'chosen_devices' | 'none';

/** Roles that tell devices what to do. */
const commanders: readonly Role[] = ['super_admin', 'admin', 'dealer'];

/** Roles that read what tokens read; without, a token would open nothing. */
const owners: readonly Role[] = ['super_admin', 'admin', 'operation', 'dealer', 'customer'];

export function mayCommand(role: Role): boolean {
	return commanders.includes(role);
}

/** Whether a member of this role can own tokens. */
export function mayOwn(role: Role): boolean {
	return owners.includes(role);
}

/** Whether somebody sees every token of the organization, not only those owned or issued. */
export function seesAllTokens({ role, scope }: TokenPerson): boolean {
	return (role === 'super_admin' || role === 'admin') && isWholeOrganization(scope);
}

/**
 * A member of whatever organization as an issuer in this one. A Super Admin of another one who sees all of that, and so
 * may enter this one, issues here as its Admins do.
 * @returns null for whoever has no say here
 */
export function issuerOf(organizationNo: number, member: TokenPerson): TokenPerson | null {
	if (member.scope.organizationNo === organizationNo) return member;
	if (member.role !== 'super_admin' || !isWholeOrganization(member.scope)) return null;
	return { userId: member.userId, role: 'admin', scope: { ...member.scope, organizationNo } };
}

/**
 * Whether a member may own a token of the issuer's making. Nobody issues for somebody of more rights.
 * @param sharesDevices whether any device is in the scopes of both
 */
export function mayIssueFor(
	issuer: TokenPerson,
	owner: TokenPerson,
	sharesDevices: boolean,
): boolean {
	if (!mayOwn(issuer.role) || !mayOwn(owner.role)) return false;
	if (issuer.scope.organizationNo !== owner.scope.organizationNo) return false;
	if (issuer.userId === owner.userId) return true;
	switch (issuer.role) {
		case 'super_admin':
			return isWithin(owner.scope, issuer.scope);
		case 'admin':
			return owner.role !== 'super_admin' && isWithin(owner.scope, issuer.scope);
		case 'dealer':
			return owner.role === 'customer'
				? sharesDevices
				: owner.role === 'dealer' && isWithin(owner.scope, issuer.scope);
		default:
			return false;
	}
}

/** Which tokens can tell devices what to do, given that the issuer may issue for the owner. */
export function controlOffer(issuer: TokenPerson, owner: TokenPerson): ControlOffer {
	if (!mayCommand(issuer.role)) return 'none';
	if (mayCommand(owner.role)) return 'any';
	return owner.role === 'customer' ? 'chosen_devices' : 'none';
}

/** A token as it was issued. */
export interface IssuedToken {
	readonly mayControl: boolean;
	/** What the issuer could see then. */
	readonly within: Scope;
	readonly deviceNos: readonly number[] | null;
}

export interface TokenPower {
	readonly scope: Scope;
	readonly mayControl: boolean;
	/** Whose role it controls by where its owner has none to control. */
	readonly lentBy: Role | null;
}

/**
 * What a token can do now: never more than its owner sees and does, nor than its issuer saw. Control that the issuer
 * lends to a customer holds for chosen devices, while the issuer may control them.
 * @param issuer as the issuer is now; null when gone
 */
export function powerOf(
	token: IssuedToken,
	owner: TokenPerson,
	issuer: TokenPerson | null,
): TokenPower {
	const scope = narrowed(narrowed(owner.scope, token.within), {
		...owner.scope,
		dealerNo: null,
		customerNos: null,
		deviceNos: token.deviceNos,
	});
	if (!token.mayControl) return { scope, mayControl: false, lentBy: null };
	if (mayCommand(owner.role)) return { scope, mayControl: true, lentBy: null };
	const isLent =
		owner.role === 'customer' &&
		token.deviceNos !== null &&
		issuer !== null &&
		mayCommand(issuer.role);
	return isLent
		? { scope: narrowed(scope, issuer.scope), mayControl: true, lentBy: issuer.role }
		: { scope, mayControl: false, lentBy: null };
}

/** What lies in both scopes of one organization. */
export function narrowed(scope: Scope, by: Scope): Scope {
	const isApart =
		scope.organizationNo !== by.organizationNo ||
		(scope.dealerNo !== null && by.dealerNo !== null && scope.dealerNo !== by.dealerNo);
	return {
		organizationNo: scope.organizationNo,
		dealerNo: scope.dealerNo ?? by.dealerNo,
		customerNos: inBoth(scope.customerNos, by.customerNos),
		deviceNos: isApart ? [] : inBoth(scope.deviceNos, by.deviceNos),
	};
}

function inBoth(one: readonly number[] | null, other: readonly number[] | null) {
	if (one === null || other === null) return one ?? other;
	const others = new Set(other);
	return one.filter((number) => others.has(number));
}

/** Whether everything in a scope is in the outer one, by what the scopes say alone. */
function isWithin(scope: Scope, outer: Scope): boolean {
	if (outer.dealerNo !== null && scope.dealerNo !== outer.dealerNo) return false;
	const { customerNos } = outer;
	return (
		customerNos === null ||
		(scope.customerNos?.every((customerNo) => customerNos.includes(customerNo)) ?? false)
	);
}
