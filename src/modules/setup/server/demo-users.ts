import { randomInt } from 'node:crypto';
import { type Role, roleLabels, roles } from '#contract/roles.ts';
import type { DemoCustomer, DemoDealer } from './demo-fleet.ts';

/** A sign-in of the demo fleet, to be shown once. */
export interface DemoUser {
	/** The role as people call it. */
	readonly role: string;
	readonly email: string;
	readonly password: string;
}

/** What the demo users of the narrowed roles see. */
export const demoUserDealer: DemoDealer = 'banyan';
export const demoUserCustomers: Partial<Record<Role, readonly DemoCustomer[]>> = {
	b2b: ['lotus', 'monsoon', 'chellah'],
	customer: ['chellah'],
};

/** One user for each role, with passwords that are made now. */
export function makeDemoUsers(): (DemoUser & { readonly roleCode: Role })[] {
	return roles.map((role) => ({
		roleCode: role,
		role: roleLabels[role],
		email: `${role.replace('_', '-')}@example.com`,
		password: makePassword(),
	}));
}

/** Without letters and digits that look alike. */
const passwordAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Four groups of four: 79 bits, and easy to type from a terminal. */
function makePassword(): string {
	const group = () =>
		Array.from({ length: 4 }, () => passwordAlphabet[randomInt(passwordAlphabet.length)]).join('');
	return Array.from({ length: 4 }, group).join('-');
}
