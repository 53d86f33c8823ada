import { type Fault, fault } from '#contract/faults.ts';
import { type MisRole, type Role, roleLabels } from '#contract/roles.ts';
import type { FieldWords } from '#platform/changes-meanwhile.ts';
import type { UserEdit, UserRow } from '../contract.ts';

/** What a user may see and do. */
export interface Rights {
	readonly role: Role;
	readonly misRole: MisRole;
	readonly dealerNo: number | null;
	/** Null: all customers. */
	readonly customerNos: readonly number[] | null;
}

/** A user as rules look at them. */
export interface Member extends Rights {
	readonly userId: string;
	readonly email: string;
	readonly isActive: boolean;
}

/** A change of a user by somebody: `before` is null for a new one, `after` for one to be deleted. */
export interface MemberChange {
	readonly actor: { readonly userId: string; readonly role: Role };
	readonly before: Member | null;
	readonly after: Rights | null;
	/** How many besides this user {@link keepsOrganization}. */
	readonly otherKeepers: number;
}

/** Whether somebody can look after all of an organization: an administrator who is narrowed by nothing. */
export function keepsOrganization({ role, customerNos }: Rights): boolean {
	return (role === 'super_admin' || role === 'admin') && customerNos === null;
}

/** Why a change of a user is refused; null when it is not. */
export function refusalOf({ actor, before, after, otherKeepers }: MemberChange): Fault | null {
	if (actor.role !== 'super_admin' && actor.role !== 'admin') return fault('not_permitted');
	const isAboutSuperAdmin = before?.role === 'super_admin' || after?.role === 'super_admin';
	if (actor.role === 'admin' && isAboutSuperAdmin) return fault('super_admin_only');
	if (before === null) return null;
	if (before.userId === actor.userId) {
		if (after === null) return fault('own_rights', { what: 'delete yourself' });
		if (after.role !== before.role) return fault('own_rights', { what: 'change your own role' });
		if (!isSameSight(before, after))
			return fault('own_rights', { what: 'change which dealer and customers you see' });
	}
	const keeps = before.isActive && keepsOrganization(before);
	const stillKeeps = after !== null && keepsOrganization(after);
	if (keeps && !stillKeeps && otherKeepers === 0)
		return fault('last_admin', { email: before.email });
	return null;
}

function isSameSight(before: Rights, after: Rights): boolean {
	return (
		before.dealerNo === after.dealerNo &&
		JSON.stringify(sorted(before.customerNos)) === JSON.stringify(sorted(after.customerNos))
	);
}

function sorted(nos: readonly number[] | null): number[] | null {
	return nos && [...nos].sort((a, b) => a - b);
}

/** What can be changed of a user, written in one way, so that two can be compared. */
export function editOf(user: UserEdit): UserEdit {
	const { name, role, misRole, userAccount, dealerNo, customerNos } = user;
	return { name, role, misRole, userAccount, dealerNo, customerNos: sorted(customerNos) };
}

/** How a user's fields are named to whoever edits them at the same time as somebody else. */
export function editWords(now: Pick<UserRow, 'dealerName' | 'customers'>): FieldWords<UserEdit> {
	return {
		name: { label: 'Name' },
		role: { label: 'Role', written: (role) => roleLabels[role] },
		misRole: { label: 'MIS Role', written: (role) => role.toUpperCase() },
		userAccount: { label: 'User Account' },
		dealerNo: { label: 'Dealer', written: () => now.dealerName ?? 'none' },
		customerNos: { label: 'Customer list', written: () => customersText(now.customers) },
	};
}

const namedCustomers = 3;

/** Customers by name, the first of many. */
export function customersText(customers: UserRow['customers']): string {
	if (customers === null) return 'ALL';
	const names = customers.slice(0, namedCustomers).map(({ name }) => name);
	const more = customers.length - names.length;
	return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}
