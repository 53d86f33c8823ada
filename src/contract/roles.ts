import { z } from 'zod';

/** Every role a member of an organization can hold; what each sees is its {@link Scope}. */
export const roles = ['super_admin', 'admin', 'operation', 'b2b', 'dealer', 'customer'] as const;

export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const roleLabels: Record<Role, string> = {
	super_admin: 'Super Admin',
	admin: 'Admin',
	operation: 'Operation',
	b2b: 'B2B',
	dealer: 'Dealer',
	customer: 'Customer',
};

/** Whether somebody has the MIS dashboards besides what the role gives. */
export const misRoles = ['admin', 'user'] as const;

export const misRoleSchema = z.enum(misRoles);
export type MisRole = z.infer<typeof misRoleSchema>;

export const misRoleLabels: Record<MisRole, string> = { admin: 'ADMIN', user: 'USER' };

/** Roles that may open the Fleet Console and everything it reads. */
export const fleetReaders: readonly Role[] = [
	'super_admin',
	'admin',
	'operation',
	'dealer',
	'customer',
];

/** Roles that may open the Vehicle Dashboard. */
export const vehicleReaders: readonly Role[] = [
	'super_admin',
	'admin',
	'operation',
	'b2b',
	'customer',
];
