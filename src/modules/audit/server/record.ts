import type { FastifyRequest } from 'fastify';
import type { Principal } from '#contract/principal.ts';
import type { Database } from '#platform/database/connect.ts';
import type { KeptTable } from '#platform/database/server-role.ts';
import type { AuditAction, AuditSubjectKind } from '../contract.ts';

/** Where a change came from. */
export interface AuditOrigin {
	readonly ip: string;
	readonly userAgent: string | null;
	readonly requestId: string;
}

/** What of somebody is written down. */
export interface AuditedPerson extends Pick<Principal, 'userId' | 'email' | 'role' | 'credential'> {
	readonly scope: Pick<Principal['scope'], 'organizationNo'>;
}

/** Who does it, and from where. */
export interface Actor {
	readonly principal: Principal;
	readonly origin: AuditOrigin;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What was changed: `before` is null for something new, `after` for something deleted. */
export interface AuditRecord {
	/** `subject.verb`. */
	readonly action: AuditAction;
	readonly subject: { readonly kind: AuditSubjectKind; readonly id: string };
	readonly before: Json;
	readonly after: Json;
}

/** Of the audit log the server itself may only read and add to: when an entry was made the database says. */
export const auditTable: KeptTable = {
	name: 'audit_entry',
	privileges: ['select', 'insert'],
	databaseColumns: ['audit_no', 'at'],
};

/** Browsers name themselves at length; more than this says nothing. */
const maxUserAgentLength = 512;

/** Where a request came from. */
export function originOf(request: FastifyRequest): AuditOrigin {
	return {
		ip: request.ip,
		userAgent: request.headers['user-agent']?.slice(0, maxUserAgentLength) ?? null,
		requestId: request.id,
	};
}

/** Who sends a call, and from where. */
export function actorOf({
	principal,
	request,
}: {
	readonly principal: Principal;
	readonly request: FastifyRequest;
}): Actor {
	return { principal, origin: originOf(request) };
}

/**
 * Keeps in the audit log who changed what. Belongs into the transaction of the change itself, so that neither is there
 * without the other; the database refuses to alter or delete what was kept.
 */
export async function recordAudit(
	transaction: Database,
	principal: AuditedPerson,
	origin: AuditOrigin,
	record: AuditRecord,
): Promise<void> {
	await recordAudits(transaction, principal, origin, [record]);
}

/** The same for one change of many things, with an entry for each. */
export async function recordAudits(
	transaction: Database,
	principal: AuditedPerson,
	origin: AuditOrigin,
	records: readonly AuditRecord[],
): Promise<void> {
	if (records.length === 0) return;
	const token = principal.credential.kind === 'token' ? principal.credential : null;
	await transaction
		.insertInto('audit_entry')
		.values(
			records.map(({ action, subject, before, after }) => ({
				organization_no: principal.scope.organizationNo,
				user_id: principal.userId,
				user_email: principal.email,
				acting_as: principal.role,
				token_no: token?.tokenNo ?? null,
				token_name: token?.name ?? null,
				action,
				subject_kind: subject.kind,
				subject_id: subject.id,
				before: before === null ? null : JSON.stringify(before),
				after: after === null ? null : JSON.stringify(after),
				ip: origin.ip,
				user_agent: origin.userAgent,
				request_id: origin.requestId,
			})),
		)
		.execute();
}
