import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import { type Role, roleSchema } from '#contract/roles.ts';
import { bigRowNumberInPath } from '#contract/row-number.ts';

/** Roles that read the audit log of their organization. */
const readers = ['super_admin', 'admin', 'operation'] as const satisfies readonly Role[];

/** Everything that is kept in the audit log, as it reads for people. */
export const auditActionLabels = {
	'api_token.create': 'API token created',
	'api_token.revoke': 'API token revoked',
	'account.activate': 'Account activated',
	'account.change_password': 'Password changed',
	'command.request': 'Command requested',
	'customer.add': 'Customer added',
	'customer.delete': 'Customer deleted',
	'customer.edit': 'Customer edited',
	'dealer.add': 'Dealer added',
	'dealer.delete': 'Dealer deleted',
	'dealer.edit': 'Dealer edited',
	'device.add': 'Device added',
	'device.assign': 'Device assigned',
	'device.bring_back': 'Device brought back',
	'device.edit': 'Device edited',
	'device.renew_key': 'Device key renewed',
	'device.retire': 'Device retired',
	'device_import.apply': 'Device import applied',
	'device_import.issue_keys': 'Keys of an import handed out',
	'device_settings.change': 'Device settings changed',
	'organization.add': 'Organization added',
	'organization.edit': 'Organization edited',
	'organization.enter': 'Organization entered',
	'organization.leave': 'Organization left',
	'organization.remove': 'Organization deleted',
	'mail.read': 'Text of a mail read',
	'mail.send_again': 'Mail sent again',
	'location.add': 'Location added',
	'location.delete': 'Location deleted',
	'location.edit': 'Location edited',
	'parked.discard': 'Parked messages discarded',
	'parked.replay': 'Parked messages replayed',
	'password.reset': 'Password reset',
	'password.reset_request': 'Password reset asked for',
	'second_factor.move': 'Second factor moved to another app',
	'second_factor.renew_codes': 'Recovery codes renewed',
	'second_factor.switch_off': 'Second factor switched off',
	'second_factor.switch_on': 'Second factor switched on',
	'session.revoke': 'Sessions ended',
	'session.sign_in': 'Signed in',
	'session.sign_out': 'Signed out',
	'user.add': 'User added',
	'user.delete': 'User deleted',
	'user.edit': 'User edited',
	'user.end_sessions': 'Sessions of a user ended',
	'user.resend_activation': 'Activation sent again',
	'user.reset_second_factor': 'Second factor of a user reset',
	'sign_in_policy.change': 'Sign-in policy changed',
	'sign_in_provider.configure': 'Sign-in provider configured',
	'sign_in_provider.remove': 'Sign-in provider removed',
} as const;
export type AuditAction = keyof typeof auditActionLabels;

/** What an audit entry can be about. */
export const auditSubjectLabels = {
	account: 'Account',
	api_token: 'API token',
	customer: 'Customer',
	dealer: 'Dealer',
	device: 'Device',
	device_import: 'Device import',
	mail: 'Mail',
	location: 'Location',
	organization: 'Organization',
	parked_message: 'Parked message',
	user: 'User',
	sign_in_provider: 'Sign-in provider',
} as const;
export type AuditSubjectKind = keyof typeof auditSubjectLabels;

const actionWords: ReadonlyMap<string, string> = new Map(Object.entries(auditActionLabels));
const subjectWords: ReadonlyMap<string, string> = new Map(Object.entries(auditSubjectLabels));

/** An action in words; one of another version as it is written. */
export function auditActionText(action: string): string {
	return actionWords.get(action) ?? action;
}

/** A kind of subject in words; one of another version as it is written. */
export function auditSubjectText(kind: string): string {
	return subjectWords.get(kind) ?? kind;
}

/** One entry as the list shows it. Instants are epoch milliseconds. */
export const auditRowSchema = z.object({
	auditNo: z.int(),
	atMs: z.number(),
	userEmail: z.string(),
	/** The role in which it was done. */
	actingAs: roleSchema,
	/** The API token by which it was done, if it was. */
	tokenName: z.string().nullable(),
	action: z.string(),
	subjectKind: z.string(),
	subjectId: z.string(),
	ip: z.string(),
	requestId: z.string(),
});
export type AuditRow = z.infer<typeof auditRowSchema>;

/** One entry with everything that was kept. */
export const auditEntrySchema = auditRowSchema.extend({
	userId: z.string(),
	userAgent: z.string().nullable(),
	/** Null for something new. */
	before: z.json(),
	/** Null for something that is gone. */
	after: z.json(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditSorts = ['at', 'person', 'action', 'subject'] as const;
export type AuditSort = (typeof auditSorts)[number];

const instantMs = z.coerce.number().int().min(0).max(8_640_000_000_000_000);

export const auditQuerySchema = z.object({
	...listShape,
	q: listShape.q.describe('Part of a person or subject, or a request id'),
	action: z.string().max(64).optional(),
	person: z.string().max(320).optional().describe('E-mail'),
	subjectKind: z.string().max(64).optional(),
	fromMs: instantMs.optional(),
	toMs: instantMs.optional().describe('From then on entries are left out'),
	sort: z.enum(auditSorts).default('at'),
	direction: directionSchema.default('desc'),
});
export type AuditQuery = z.output<typeof auditQuerySchema>;

export const auditPageSchema = listPageSchema(auditRowSchema);
export type AuditPage = z.infer<typeof auditPageSchema>;

export const listAudit = endpoint({
	method: 'GET',
	path: '/api/admin/audit',
	summary: 'The audit log: who changed what, when, from where',
	admits: readers,
	query: auditQuerySchema,
	reply: auditPageSchema,
});

export const exportAudit = endpoint({
	method: 'GET',
	path: '/api/admin/audit-export',
	summary: 'All audit entries that match, as an Excel workbook',
	admits: readers,
	query: auditQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

export const listAuditFilters = endpoint({
	method: 'GET',
	path: '/api/admin/audit/filters',
	summary: 'Actions, kinds of subjects and persons by which the audit log can be filtered',
	admits: readers,
	query: z.object({ person: z.string().trim().max(100).default('') }),
	reply: z.object({
		actions: z.array(z.string()),
		subjectKinds: z.array(z.string()),
		people: z.array(z.string()),
	}),
});

export const showAudit = endpoint({
	method: 'GET',
	path: '/api/admin/audit/:auditNo',
	summary: 'One audit entry with what was before and after',
	admits: readers,
	params: z.object({ auditNo: bigRowNumberInPath }),
	reply: auditEntrySchema,
});
