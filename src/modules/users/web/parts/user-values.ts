import type { MisRole, Role } from '#contract/roles.ts';
import {
	customerListRoles,
	type UserEdit,
	type UserRow,
	usualUserAccount,
} from '../../contract.ts';

/** What can be changed of a user, as a form's fields hold it. */
export interface UserValues extends Record<string, unknown> {
	name: string;
	role: Role;
	misRole: MisRole;
	userAccount: string;
	dealerNo: string | null;
	/** The user sees chosen customers, not all of them. */
	isNarrowed: boolean;
	customerNos: string[];
}

export const newValues: UserValues = {
	name: '',
	role: 'operation',
	misRole: 'user',
	userAccount: usualUserAccount,
	dealerNo: null,
	isNarrowed: false,
	customerNos: [],
};

export function valuesOf(user: UserRow): UserValues {
	return {
		name: user.name ?? '',
		role: user.role,
		misRole: user.misRole,
		userAccount: user.userAccount,
		dealerNo: user.dealerNo === null ? null : String(user.dealerNo),
		isNarrowed: user.customers !== null,
		customerNos: user.customers?.map(({ customerNo }) => String(customerNo)) ?? [],
	};
}

/** Whether the user sees chosen customers only: as the role demands, else as was chosen. */
export function isNarrowed({ role, isNarrowed }: Pick<UserValues, 'role' | 'isNarrowed'>): boolean {
	return isNarrowed || customerListRoles.includes(role);
}

/** What the fields say, as the endpoints take it. */
export function editOf(values: UserValues): UserEdit {
	const { name, role, misRole, userAccount, dealerNo, customerNos } = values;
	return {
		name: name.trim() === '' ? null : name.trim(),
		role,
		misRole,
		userAccount,
		dealerNo: role === 'dealer' && dealerNo !== null ? Number(dealerNo) : null,
		customerNos: isNarrowed(values) ? customerNos.map(Number) : null,
	};
}
