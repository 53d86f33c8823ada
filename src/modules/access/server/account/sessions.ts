import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import type { AccountSession } from '../../contract.ts';
import { longestSessionSeconds } from '../auth.ts';

/** The session that somebody uses. @throws `not_permitted` for a token, which is no session and changes no account */
export function sessionIdOf({ credential }: Principal): string {
	if (credential.kind !== 'session') throw fault('not_permitted');
	return credential.sessionId;
}

/** Sessions of the same account that have not ended, the one last seen first. */
export async function listSessions(
	database: Database,
	principal: Principal,
): Promise<AccountSession[]> {
	const sessionId = sessionIdOf(principal);
	const rows = await database
		.selectFrom('auth_session')
		.select(['id', 'userAgent', 'ipAddress', 'createdAt', 'lastSeenAt'])
		.where('userId', '=', principal.userId)
		.where(isWithinReachOf(sessionId))
		.where('expiresAt', '>', sql<Date>`now()`)
		.where('createdAt', '>', sql<Date>`now() - make_interval(secs => ${longestSessionSeconds})`)
		.orderBy('lastSeenAt', 'desc')
		.orderBy('id')
		.limit(200)
		.execute();
	return rows.map((row) => ({
		sessionId: row.id,
		userAgent: row.userAgent ?? '',
		address: row.ipAddress ?? '',
		sinceMs: row.createdAt.getTime(),
		lastSeenAtMs: row.lastSeenAt.getTime(),
		isThis: row.id === sessionId,
	}));
}

/** Ends one session of the same account. @throws `not_found` */
export async function endSessionOfAccount(
	database: Database,
	{ principal, origin }: Actor,
	endedId: string,
): Promise<void> {
	const sessionId = sessionIdOf(principal);
	await database.transaction().execute(async (transaction) => {
		const ended = await transaction
			.deleteFrom('auth_session')
			.where('id', '=', endedId)
			.where('userId', '=', principal.userId)
			.where(isWithinReachOf(sessionId))
			.returning(['userAgent', 'ipAddress'])
			.executeTakeFirst();
		if (ended === undefined) throw fault('not_found', { thing: 'session' });
		await recordAudit(transaction, principal, origin, {
			action: 'session.revoke',
			subject: { kind: 'account', id: principal.email },
			before: { userAgent: ended.userAgent, address: ended.ipAddress },
			after: null,
		});
	});
}

/** Ends every session of the account but this one, for a person who asks for it. @returns how many */
export async function revokeOtherSessions(
	database: Database,
	{ principal, origin }: Actor,
): Promise<number> {
	const sessionId = sessionIdOf(principal);
	return database.transaction().execute(async (transaction) => {
		const { numDeletedRows } = await transaction
			.deleteFrom('auth_session')
			.where('userId', '=', principal.userId)
			.where('id', '!=', sessionId)
			.where(isWithinReachOf(sessionId))
			.executeTakeFirst();
		const ended = Number(numDeletedRows);
		await recordAudit(transaction, principal, origin, {
			action: 'session.revoke',
			subject: { kind: 'account', id: principal.email },
			before: { otherSessions: ended },
			after: { otherSessions: 0 },
		});
		return ended;
	});
}

/** Ends every session of an account but one, after the person has proven who it is. */
export async function endOtherSessions(
	transaction: Database,
	{ userId }: Principal,
	sessionId: string,
): Promise<void> {
	await transaction
		.deleteFrom('auth_session')
		.where('userId', '=', userId)
		.where('id', '!=', sessionId)
		.execute();
}

/**
 * What a session may know of its account's others. One that an organization's provider vouched for knows those of the
 * same organization only.
 */
function isWithinReachOf(sessionId: string) {
	return sql<boolean>`exists (
		select from auth_session own where own.id = ${sessionId}
			and (own."organizationNo" is null or own."organizationNo" = auth_session."organizationNo")
	)`;
}
