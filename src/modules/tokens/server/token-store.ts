import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import type { IssuedToken, TokenPerson } from './rules.ts';

/** A token as it is recognised and what it was issued for. */
export interface StoredToken extends IssuedToken {
	readonly tokenNo: number;
	readonly organizationNo: number;
	readonly name: string;
	readonly secretHash: Buffer;
	readonly ownerId: string;
	readonly ownerMembershipNo: number;
	readonly issuerMembershipNo: number;
	readonly expiresAtMs: number | null;
	readonly revokedAtMs: number | null;
	readonly lastUsedAtMs: number | null;
	/** Whether its organization is reached at the host that was asked. */
	readonly isAtHost: boolean;
}

/** A token by its public id, for whoever sends it to this host. */
export async function readIssuedToken(
	database: Database,
	publicId: string,
	host: string,
): Promise<StoredToken | undefined> {
	const row = await database
		.selectFrom('api_token as t')
		.leftJoin('v_organization_host as h', (join) => join.on('h.host', '=', host))
		.where('t.public_id', '=', publicId)
		.selectAll('t')
		.select('h.organization_no as host_organization_no')
		.executeTakeFirst();
	if (row === undefined) return undefined;
	return {
		tokenNo: row.token_no,
		organizationNo: row.organization_no,
		name: row.name,
		secretHash: row.secret_hash,
		ownerId: row.owner_id,
		ownerMembershipNo: row.owner_membership_no,
		issuerMembershipNo: row.issuer_membership_no,
		mayControl: row.may_control,
		within: {
			organizationNo: row.organization_no,
			dealerNo: row.within_dealer_no,
			customerNos: row.within_customer_nos,
			deviceNos: null,
		},
		deviceNos: row.device_nos,
		expiresAtMs: row.expires_at?.getTime() ?? null,
		revokedAtMs: row.revoked_at?.getTime() ?? null,
		lastUsedAtMs: row.last_used_at?.getTime() ?? null,
		isAtHost: row.host_organization_no === null || row.host_organization_no === row.organization_no,
	};
}

/** Notes that a token was used; requests side by side write it once. */
export async function noteUse(
	database: Database,
	tokenNo: number,
	ip: string,
	at: Date,
): Promise<void> {
	await sql`
		update api_token set last_used_at = ${at}, last_used_ip = ${ip}
		where token_no = ${tokenNo}
			and (last_used_at is null or last_used_at < ${at}::timestamptz - interval '55 seconds')`.execute(
		database,
	);
}

/** First number of the advisory locks under which each member's tokens are issued, one after the other. */
const ownerLock = 7_203_423;

/** Keeps others from issuing tokens for a member until the transaction ends, so that they can be counted. */
export async function lockOwner(transaction: Database, membershipNo: number): Promise<void> {
	await sql`select pg_advisory_xact_lock(${ownerLock}, ${membershipNo})`.execute(transaction);
}

/** Whoever issued a token, as a member now of whatever organization; undefined when gone. */
export async function readIssuer(
	database: Database,
	membershipNo: number,
): Promise<TokenPerson | undefined> {
	const { rows } = await sql<TokenPerson>`
		select o.user_id as "userId", o.role, jsonb_build_object(
			'organizationNo', o.organization_no, 'dealerNo', o.dealer_no, 'customerNos', o.customer_nos,
			'deviceNos', null
		) as scope
		from v_token_owner o where o.membership_no = ${membershipNo}`.execute(database);
	return rows[0];
}

/** How many tokens a member owns that have not ended. */
export async function countActiveTokens(database: Database, membershipNo: number): Promise<number> {
	const { count } = await database
		.selectFrom('api_token')
		.where('owner_membership_no', '=', membershipNo)
		.where('revoked_at', 'is', null)
		.where(sql<boolean>`coalesce(expires_at > now(), true)`)
		.select(sql<number>`count(*)::integer`.as('count'))
		.executeTakeFirstOrThrow();
	return count;
}

export interface TokenToStore {
	readonly publicId: string;
	readonly secretHash: Buffer;
	readonly name: string;
	readonly owner: TokenMember;
	readonly issuer: TokenMember;
	readonly mayControl: boolean;
	/** What the issuer sees. */
	readonly within: Scope;
	readonly deviceNos: readonly number[] | null;
	readonly expiresAt: Date | null;
}

interface TokenMember {
	readonly userId: string;
	readonly membershipNo: number;
	readonly email: string;
}

export async function insertToken(transaction: Database, token: TokenToStore): Promise<void> {
	await transaction
		.insertInto('api_token')
		.values({
			organization_no: token.within.organizationNo,
			public_id: token.publicId,
			secret_hash: token.secretHash,
			name: token.name,
			owner_id: token.owner.userId,
			owner_membership_no: token.owner.membershipNo,
			owner_email: token.owner.email,
			issuer_id: token.issuer.userId,
			issuer_membership_no: token.issuer.membershipNo,
			issuer_email: token.issuer.email,
			may_control: token.mayControl,
			within_dealer_no: token.within.dealerNo,
			within_customer_nos: mutable(token.within.customerNos),
			device_nos: mutable(token.deviceNos),
			expires_at: token.expiresAt,
		})
		.execute();
}

function mutable(numbers: readonly number[] | null): number[] | null {
	return numbers === null ? null : [...numbers];
}

/** Ends a token. @returns false when it had ended before */
export async function endToken(
	transaction: Database,
	publicId: string,
	byEmail: string,
): Promise<boolean> {
	const ended = await transaction
		.updateTable('api_token')
		.set({ revoked_at: sql`now()`, revoked_by_email: byEmail })
		.where('public_id', '=', publicId)
		.where('revoked_at', 'is', null)
		.returning('token_no')
		.executeTakeFirst();
	return ended !== undefined;
}

/** When a token expires, in epoch milliseconds; null: never. */
export async function readTokenExpiry(database: Database, tokenNo: number): Promise<number | null> {
	const row = await database
		.selectFrom('api_token')
		.where('token_no', '=', tokenNo)
		.select('expires_at')
		.executeTakeFirst();
	return row?.expires_at?.getTime() ?? null;
}
