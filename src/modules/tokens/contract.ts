import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { endpoint } from '#contract/endpoint.ts';
import { requiredLine } from '#contract/line.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import { type Role, roleSchema } from '#contract/roles.ts';

/** Roles that issue tokens, be it for themselves alone, and see theirs. */
export const tokenIssuers = [
	'super_admin',
	'admin',
	'operation',
	'dealer',
	'customer',
] as const satisfies readonly Role[];

export const tokenKinds = ['read_only', 'control'] as const;
export const tokenKindSchema = z.enum(tokenKinds);
export type TokenKind = z.infer<typeof tokenKindSchema>;

export const tokenKindLabels: Record<TokenKind, string> = {
	read_only: 'Read-only',
	control: 'Control-enabled',
};

/** `ownerless`: its owner has lost the access that it lived by, and it is taken no more. */
export const tokenStates = ['active', 'expired', 'revoked', 'ownerless'] as const;
export const tokenStateSchema = z.enum(tokenStates);
export type TokenState = z.infer<typeof tokenStateSchema>;

export const tokenStateLabels: Record<TokenState, string> = {
	active: 'Active',
	expired: 'Expired',
	revoked: 'Revoked',
	ownerless: 'Owner without access',
};

export const longestExpiryDays = 365;
export const usualExpiryDays = 90;
/** Devices to which one token can be restricted. */
export const maxTokenDevices = 1_000;

/** Tokens that one member can own at a time: each has its own limit of requests. */
export const maxActiveTokens = 100;

/** One token as the list shows it. Instants are epoch milliseconds. */
export const tokenRowSchema = z.object({
	/** What stands in the token itself before its secret part, and names it in logs. */
	publicId: z.string(),
	name: z.string(),
	ownerEmail: z.string(),
	issuerEmail: z.string(),
	kind: tokenKindSchema,
	/** Whether it reaches chosen devices only. */
	isRestricted: z.boolean(),
	state: tokenStateSchema,
	createdAtMs: z.number(),
	/** Null: never. */
	expiresAtMs: z.number().nullable(),
	revokedAtMs: z.number().nullable(),
	revokedBy: z.string().nullable(),
	/** Right to the minute. */
	lastUsedAtMs: z.number().nullable(),
	lastUsedIp: z.string().nullable(),
});
export type TokenRow = z.infer<typeof tokenRowSchema>;

export const tokenSorts = ['created', 'name', 'owner', 'expires', 'last_used'] as const;
export type TokenSort = (typeof tokenSorts)[number];

export const tokenQuerySchema = z.object({
	...listShape,
	q: listShape.q.describe('Part of a name, an owner or a public id'),
	owner: z.string().max(320).optional().describe('E-mail'),
	state: tokenStateSchema.optional(),
	kind: tokenKindSchema.optional(),
	sort: z.enum(tokenSorts).default('created'),
	direction: directionSchema.default('desc'),
});
export type TokenQuery = z.output<typeof tokenQuerySchema>;

export const tokenPageSchema = listPageSchema(tokenRowSchema);
export type TokenPage = z.infer<typeof tokenPageSchema>;

export const listTokens = endpoint({
	method: 'GET',
	path: '/api/admin/tokens',
	summary: 'API tokens that the reader owns or issued; of an Admin all of the organization',
	admits: tokenIssuers,
	query: tokenQuerySchema,
	reply: tokenPageSchema,
});

export const exportTokens = endpoint({
	method: 'GET',
	path: '/api/admin/tokens-export',
	summary: 'All API tokens that match, as an Excel workbook',
	admits: tokenIssuers,
	query: tokenQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

export const listTokenFilters = endpoint({
	method: 'GET',
	path: '/api/admin/tokens/filters',
	summary: 'Owners by which API tokens can be filtered',
	admits: tokenIssuers,
	query: z.object({ owner: z.string().trim().max(100).default('') }),
	reply: z.object({ owners: z.array(z.string()) }),
});

/** Somebody who can own a token of the caller's making. */
export const tokenOwnerSchema = z.object({
	userId: z.string(),
	email: z.string(),
	name: z.string(),
	role: roleSchema,
	/** `chosen_devices`: control-enabled for chosen devices only. */
	control: z.enum(['any', 'chosen_devices', 'none']),
	isSelf: z.boolean(),
});
export type TokenOwner = z.infer<typeof tokenOwnerSchema>;

/** At most this many owners, or devices, are offered at once; more are found by typing. */
export const offeredAtOnce = 50;

export const listTokenOwners = endpoint({
	method: 'GET',
	path: '/api/admin/tokens/owners',
	summary: 'Members for whom the caller may issue API tokens, and whether control-enabled ones',
	admits: tokenIssuers,
	query: z.object({ q: z.string().trim().max(100).default('') }),
	reply: z.object({ owners: z.array(tokenOwnerSchema) }),
});

const ownerIdSchema = z
	.string()
	.max(64)
	.optional()
	.describe('User who will own it; left out: the caller');

export const listTokenDevices = endpoint({
	method: 'GET',
	path: '/api/admin/tokens/devices',
	summary: 'Devices that both the caller and the owner of a token to be see',
	admits: tokenIssuers,
	query: z.object({ ownerId: ownerIdSchema, q: z.string().trim().max(100).default('') }),
	reply: z.object({ deviceIds: z.array(z.string()) }),
});

const tokenParams = z.object({ publicId: z.string().max(64) });

export const showToken = endpoint({
	method: 'GET',
	path: '/api/admin/tokens/:publicId',
	summary:
		'One API token with the devices to which it is restricted, as far as the reader sees them',
	admits: tokenIssuers,
	params: tokenParams,
	reply: tokenRowSchema.extend({ deviceIds: z.array(z.string()).nullable() }),
});
export type TokenDetails = z.infer<typeof showToken.reply>;

export const newTokenSchema = z
	.object({
		name: requiredLine('name', 100),
		ownerId: ownerIdSchema,
		kind: tokenKindSchema,
		/** Null: not restricted to chosen devices. */
		deviceIds: z
			.array(z.string().trim().min(1).max(64))
			.min(1, 'Choose at least one device.')
			.max(maxTokenDevices, `Choose at most ${maxTokenDevices} devices.`)
			.nullable(),
		/** Null: never, for read-only tokens alone. */
		expiresInDays: z
			.int()
			.min(1, 'A token lives for a day at least.')
			.max(longestExpiryDays, `A token lives for at most ${longestExpiryDays} days.`)
			.nullable(),
	})
	.refine(({ kind, expiresInDays }) => kind === 'read_only' || expiresInDays !== null, {
		path: ['expiresInDays'],
		message: 'A control-enabled token has to expire. Choose when.',
	});
export type NewToken = z.output<typeof newTokenSchema>;

export const createToken = endpoint({
	method: 'POST',
	path: '/api/admin/tokens',
	summary: 'Issues an API token, which is shown in this reply and never again',
	admits: tokenIssuers,
	body: newTokenSchema.safeExtend({ confirm: confirmationSchema }),
	reply: z.object({ publicId: z.string(), name: z.string(), token: z.string() }),
});

export const revokeToken = endpoint({
	method: 'POST',
	path: '/api/admin/tokens/:publicId/revoke',
	summary: 'Ends an API token at once; it stays in the list',
	admits: tokenIssuers,
	params: tokenParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: tokenRowSchema,
});
