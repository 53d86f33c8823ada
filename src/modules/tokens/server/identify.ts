import { createHash } from 'node:crypto';
import type { Principal } from '#contract/principal.ts';
import { type MemberRow, readMember } from '#modules/access/server/index.ts';
import { createBriefMemory } from '#platform/brief-memory.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { hostNameOf } from '#platform/http/host-name.ts';
import { issuerOf, mayOwn, powerOf, type TokenPerson } from './rules.ts';
import { isSecret, readToken } from './secret.ts';
import { noteUse, readIssuedToken, readIssuer, type StoredToken } from './token-store.ts';

/** For a program's burst of requests. */
const keptMs = 2_000;
const maxKept = 10_000;
/** A use is written down this long after the last one that was. */
const useIntervalMs = 60_000;

/** Where a token was sent to, and from. */
export interface TokenUse {
	/** Host name that was asked, port or not. */
	readonly host: string;
	readonly ip: string;
}

export interface TokenIdentification {
	/** For whom a written token acts; null for one that is not valid, whatever the reason. */
	identify(written: string, use: TokenUse): Promise<Principal | null>;
	/** Makes the next request of every token ask the database. */
	forgetAll(): void;
}

export function createTokenIdentification(database: Database, clock: Clock): TokenIdentification {
	const memory = createBriefMemory<Principal | null>({ clock, keptMs, maxKept });

	async function read(written: string, { host, ip }: TokenUse): Promise<Principal | null> {
		const parts = readToken(written);
		if (parts === null) return null;
		const token = await readIssuedToken(database, parts.publicId, host);
		if (!isSecret(parts.secret, token?.secretHash ?? null) || token === undefined) return null;
		const nowMs = clock();
		if (token.revokedAtMs !== null || !token.isAtHost) return null;
		if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs) return null;
		const principal = await principalOf(database, token);
		if (principal !== null && (token.lastUsedAtMs ?? 0) <= nowMs - useIntervalMs)
			await noteUse(database, token.tokenNo, ip, new Date(nowMs));
		return principal;
	}

	return {
		forgetAll: memory.forgetAll,
		identify(written, use) {
			const host = hostNameOf(use.host);
			// What is kept in memory is no token that somebody could use.
			const key = `${createHash('sha256').update(written).digest('base64')} ${host}`;
			return memory.recall(key, () => read(written, { host, ip: use.ip }));
		},
	};
}

/** The token's owner as a member now, narrowed to what the token may; null when the membership it lived by is gone. */
async function principalOf(database: Database, token: StoredToken): Promise<Principal | null> {
	const owner = await readMember(database, token.ownerId, token.organizationNo);
	if (owner?.membershipNo !== token.ownerMembershipNo || !mayOwn(owner.role)) return null;
	const power = powerOf(token, personOf(owner), await issuerNow(database, token, owner));
	return {
		userId: owner.userId,
		email: owner.email,
		name: owner.name ?? owner.email,
		role: owner.role,
		misRole: owner.misRole,
		scope: power.scope,
		credential: {
			kind: 'token',
			tokenNo: token.tokenNo,
			name: token.name,
			mayControl: power.mayControl,
			lentBy: power.lentBy,
		},
		organization: {
			name: owner.organizationName,
			timeZone: owner.timeZone,
			country: owner.country,
			locale: owner.locale,
		},
	};
}

/** Whoever issued a token as the organization knows them now; null when gone. */
async function issuerNow(
	database: Database,
	{ issuerMembershipNo, mayControl, organizationNo }: StoredToken,
	owner: MemberRow,
): Promise<TokenPerson | null> {
	// An issuer counts for control alone.
	if (issuerMembershipNo === owner.membershipNo || !mayControl) return personOf(owner);
	const issuer = await readIssuer(database, issuerMembershipNo);
	return issuer === undefined ? null : issuerOf(organizationNo, issuer);
}

/** A member as the rules of tokens know people. */
export function personOf(member: MemberRow): TokenPerson {
	const { userId, role, organizationNo, dealerNo, customerNos } = member;
	return { userId, role, scope: { organizationNo, dealerNo, customerNos, deviceNos: null } };
}
