import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { signInEmailSchema } from '#contract/email.ts';
import { endpoint } from '#contract/endpoint.ts';
import { optionalLine, requiredLine } from '#contract/line.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import { misRoleSchema, type Role, roleSchema } from '#contract/roles.ts';
import { rowNumberInPath, rowNumberInQuery, rowNumberSchema } from '#contract/row-number.ts';

/** Roles that see who belongs to their organization. */
export const userReaders: readonly Role[] = ['super_admin', 'admin', 'operation'];
/** Roles that add, change and delete users. */
export const userWriters: readonly Role[] = ['super_admin', 'admin'];

/** What a user's account is called unless somebody names it. */
export const usualUserAccount = 'Command Centre';
/** Customers that a user can be narrowed to. */
export const mostCustomers = 500;

/** Everything that can be changed of a user. */
export const userEditSchema = z.object({
	name: optionalLine('name', 100),
	role: roleSchema,
	misRole: misRoleSchema,
	userAccount: requiredLine('user account', 100),
	dealerNo: rowNumberSchema.nullable().describe('For dealers, and only for them'),
	customerNos: z
		.array(rowNumberSchema)
		.min(1, 'Choose at least one customer, or all of them.')
		.max(mostCustomers, `Choose at most ${mostCustomers} customers, or all of them.`)
		.refine((nos) => new Set(nos).size === nos.length, 'A customer is there twice.')
		.nullable()
		.describe('Null for all customers'),
});
export type UserEdit = z.output<typeof userEditSchema>;

/** Roles that see chosen customers and nothing else. */
export const customerListRoles: readonly Role[] = ['b2b', 'customer'];

/** Adds what a role asks of the dealer and the customers. */
function withRoleDemands<Schema extends z.ZodType<UserEdit>>(schema: Schema): Schema {
	return schema.superRefine(({ role, dealerNo, customerNos }, context) => {
		const demand = (field: string, message: string) =>
			context.addIssue({ code: 'custom', path: [field], message });
		if (role === 'dealer' && dealerNo === null) demand('dealerNo', 'Choose the dealer.');
		if (role !== 'dealer' && dealerNo !== null)
			demand('dealerNo', 'Only users with the role Dealer belong to a dealer.');
		if (customerListRoles.includes(role) && customerNos === null)
			demand('customerNos', 'Choose the customers: this role cannot see all of them.');
	});
}

export const changedUserSchema = withRoleDemands(userEditSchema);

const newUserFields = userEditSchema.extend({
	email: signInEmailSchema,
});
export const newUserSchema = withRoleDemands(newUserFields);
export type NewUser = z.output<typeof newUserSchema>;

/** `invited` and `expired`: has not come in here yet, and the last invitation still holds or not. */
export const userStates = ['invited', 'expired', 'active'] as const;
export type UserState = (typeof userStates)[number];

export const userStateLabels: Record<UserState, string> = {
	invited: 'Invited',
	expired: 'Activation expired',
	active: 'Active',
};

/** One user of the organization. Instants are epoch milliseconds. */
export const userSchema = z.object({
	userNo: z.int(),
	email: z.string(),
	name: z.string().nullable(),
	role: roleSchema,
	misRole: misRoleSchema,
	userAccount: z.string(),
	dealerNo: z.int().nullable(),
	dealerName: z.string().nullable(),
	/** Null for all customers; by name. */
	customers: z.array(z.object({ customerNo: z.int(), name: z.string() })).nullable(),
	state: z.enum(userStates),
	/** By this organization. */
	lastSignInAtMs: z.number().nullable(),
	createdAtMs: z.number(),
	/** Null for who never needed an invitation. */
	invitedAtMs: z.number().nullable(),
	/** Whether a code is asked for at sign-in; false for who has not come in here yet. */
	hasSecondFactor: z.boolean(),
	/** Whether the account reaches further than who asks, who then ends no sessions of it; false for who has not come in. */
	isOutOfReach: z.boolean(),
	/** Whether this is who asks. */
	isSelf: z.boolean(),
});
export type UserRow = z.infer<typeof userSchema>;

export const userSorts = ['email', 'name', 'role', 'created'] as const;
export type UserSort = (typeof userSorts)[number];

export const userQuerySchema = z.object({
	...listShape,
	q: listShape.q.describe('Part of the e-mail or the name'),
	role: roleSchema.optional(),
	state: z.enum(userStates).optional(),
	customer: rowNumberInQuery.optional().describe('Users who are narrowed to this customer'),
	dealer: rowNumberInQuery.optional(),
	sort: z.enum(userSorts).default('email'),
	direction: directionSchema.default('asc'),
});
export type UserQuery = z.output<typeof userQuerySchema>;

export const userPageSchema = listPageSchema(userSchema);
export type UserPage = z.infer<typeof userPageSchema>;

const userParams = z.object({ userNo: rowNumberInPath });

export const listUsers = endpoint({
	method: 'GET',
	path: '/api/admin/users',
	summary: 'The users of the organization, searched, filtered, sorted and paged',
	admits: userReaders,
	query: userQuerySchema,
	reply: userPageSchema,
});

export const exportUsers = endpoint({
	method: 'GET',
	path: '/api/admin/user-export',
	summary: 'All users that match, as an Excel workbook',
	admits: userReaders,
	query: userQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

export const showUser = endpoint({
	method: 'GET',
	path: '/api/admin/users/:userNo',
	summary: 'One user',
	admits: userReaders,
	params: userParams,
	reply: userSchema,
});

export const countUserSessions = endpoint({
	method: 'GET',
	path: '/api/admin/users/:userNo/sessions',
	summary: 'How many open sessions a user has',
	admits: userReaders,
	params: userParams,
	/** Null for an account that reaches further than who asks. */
	reply: z.object({ count: z.int().nullable() }),
});

export const addUser = endpoint({
	method: 'POST',
	path: '/api/admin/users',
	summary: 'Adds a user and sends the invitation',
	admits: userWriters,
	body: withRoleDemands(newUserFields.extend({ confirm: confirmationSchema })),
	reply: userSchema,
});

export const editUser = endpoint({
	method: 'PUT',
	path: '/api/admin/users/:userNo',
	summary: 'Changes a user, unless somebody else changed it since `before` was read',
	admits: userWriters,
	params: userParams,
	body: z.object({
		before: userEditSchema,
		after: changedUserSchema,
		confirm: confirmationSchema,
	}),
	reply: userSchema,
});

export const deleteUser = endpoint({
	method: 'DELETE',
	path: '/api/admin/users/:userNo',
	summary: 'Deletes a user of the organization; what was done stays in the audit log',
	admits: userWriters,
	params: userParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: z.object({}),
});

export const resendActivation = endpoint({
	method: 'POST',
	path: '/api/admin/users/:userNo/activation',
	summary: 'Sends the invitation again to a user who has not signed in yet',
	admits: userWriters,
	params: userParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: userSchema,
});

export const endUserSessions = endpoint({
	method: 'POST',
	path: '/api/admin/users/:userNo/end-sessions',
	summary: 'Ends all sessions of a user at once',
	admits: userWriters,
	params: userParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: z.object({ count: z.int() }),
});

export const resetUserSecondFactor = endpoint({
	method: 'POST',
	path: '/api/admin/users/:userNo/second-factor-reset',
	summary: 'Takes away the second factor of a user who lost app and recovery codes',
	admits: userWriters,
	params: userParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: userSchema,
});
