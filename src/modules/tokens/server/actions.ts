import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { type MemberRow, readMember } from '#modules/access/server/index.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import {
	maxActiveTokens,
	type NewToken,
	type TokenDetails,
	type TokenKind,
	type TokenOwner,
} from '../contract.ts';
import { personOf } from './identify.ts';
import {
	findSharedDevices,
	readTokenDetails,
	searchOwnerCandidates,
	shareDevices,
} from './list-store.ts';
import { controlOffer, mayIssueFor, type TokenPerson } from './rules.ts';
import { hashSecret, newTokenParts, writtenToken } from './secret.ts';
import { countActiveTokens, endToken, insertToken, lockOwner } from './token-store.ts';

export interface TokenActionOptions {
	readonly database: Database;
	readonly clock: Clock;
	/** Makes the next request of every token ask the database; called after the commit. */
	forgetAll(): void;
}

const dayMs = 86_400_000;

/** Who calls, as the rules of tokens know people: a Super Admin who entered the organization is as its Admins are. */
export function callerOf({ userId, role, scope, enteredFrom }: Principal): TokenPerson {
	return { userId, role: enteredFrom === undefined ? role : 'admin', scope };
}

/**
 * Issues a token. @returns the token, which nobody can be told again
 * @throws `not_found`, `token_not_permitted`, `invalid_input`
 */
export async function issueToken(
	{ database, clock }: TokenActionOptions,
	{ principal, origin }: Actor,
	wanted: NewToken,
): Promise<{ publicId: string; name: string; token: string }> {
	const parts = newTokenParts();
	const mayControl = wanted.kind === 'control';
	const { expiresInDays } = wanted;
	const expiresAt = expiresInDays === null ? null : new Date(clock() + expiresInDays * dayMs);
	await database.transaction().execute(async (transaction) => {
		const issuer = await requireMembership(transaction, principal);
		const owner = await requireOwner(transaction, principal, wanted.ownerId);
		if (mayControl) refuseControl(principal, owner, wanted.deviceIds !== null);
		await lockOwner(transaction, owner.membershipNo);
		if ((await countActiveTokens(transaction, owner.membershipNo)) >= maxActiveTokens)
			throw fault('token_not_permitted', { reason: tooMany(owner) });
		const deviceNos = await deviceNosOf(transaction, principal, owner, wanted.deviceIds);
		await insertToken(transaction, {
			publicId: parts.publicId,
			secretHash: hashSecret(parts.secret),
			name: wanted.name,
			owner,
			issuer,
			mayControl,
			within: principal.scope,
			deviceNos,
			expiresAt,
		});
		await recordAudit(transaction, principal, origin, {
			action: 'api_token.create',
			subject: { kind: 'api_token', id: parts.publicId },
			before: null,
			after: {
				name: wanted.name,
				owner: owner.email,
				kind: wanted.kind,
				devices: wanted.deviceIds,
				expiresAt: expiresAt?.toISOString() ?? null,
			},
		});
		await recordAtHome(transaction, { principal, origin }, parts.publicId, wanted.kind);
	});
	return { publicId: parts.publicId, name: wanted.name, token: writtenToken(parts) };
}

function tooMany({ email }: MemberRow): string {
	return `${email} has ${maxActiveTokens} tokens already. Revoke one that is used no more.`;
}

/** The membership by which the caller issues: of a Super Admin who entered the organization, that at home. */
async function requireMembership(
	transaction: Database,
	{ userId, scope, enteredFrom }: Principal,
): Promise<MemberRow> {
	const { organizationNo } = enteredFrom ?? scope;
	const member = await readMember(transaction, userId, organizationNo);
	if (member === undefined) throw fault('no_membership');
	return member;
}

/** What a Super Admin leaves behind in an organization, its own one hears of, too, but not of whose it is. */
async function recordAtHome(
	transaction: Database,
	{ principal, origin }: Actor,
	publicId: string,
	kind: TokenKind,
): Promise<void> {
	const { enteredFrom: home, organization } = principal;
	if (home === undefined) return;
	await recordAudit(transaction, { ...principal, scope: home }, origin, {
		action: 'api_token.create',
		subject: { kind: 'api_token', id: publicId },
		before: null,
		after: { organization: organization.name, kind },
	});
}

/** The member who will own a token of the caller's making. @throws `not_found` for anybody the caller may not issue for */
export async function requireOwner(
	database: Database,
	principal: Principal,
	ownerId: string | undefined,
): Promise<MemberRow> {
	const issuer = callerOf(principal);
	const owner = await readMember(
		database,
		ownerId ?? principal.userId,
		principal.scope.organizationNo,
	);
	const isPermitted =
		owner !== undefined &&
		mayIssueFor(
			issuer,
			personOf(owner),
			await shareDevices(database, issuer.scope, personOf(owner).scope),
		);
	if (!isPermitted) throw fault('not_found', { thing: 'user' });
	return owner;
}

function refuseControl(principal: Principal, owner: MemberRow, isRestricted: boolean): void {
	const offer = controlOffer(callerOf(principal), personOf(owner));
	if (offer === 'any' || (offer === 'chosen_devices' && isRestricted)) return;
	const message =
		offer === 'none'
			? 'Its owner or you may not control devices. Issue a read-only token.'
			: 'A control-enabled token of a Customer holds for chosen devices only. Choose them.';
	const path = offer === 'none' ? 'body.kind' : 'body.deviceIds';
	throw fault('token_not_permitted', { reason: message }, [{ path, message }]);
}

async function deviceNosOf(
	transaction: Database,
	principal: Principal,
	owner: MemberRow,
	deviceIds: readonly string[] | null,
): Promise<number[] | null> {
	if (deviceIds === null) return null;
	const found = await findSharedDevices(
		transaction,
		principal.scope,
		personOf(owner).scope,
		deviceIds,
	);
	const missing = deviceIds.find((deviceId) => !found.has(deviceId));
	if (missing === undefined) return [...new Set(found.values())];
	const message = `There is no device ${missing} that both you and the owner see. Remove it.`;
	throw fault('not_found', { thing: `device ${missing} of both you and the owner` }, [
		{ path: 'body.deviceIds', message },
	]);
}

/** Ends a token; one that has ended is left as it is. @throws `not_found` */
export async function revokeToken(
	{ database, forgetAll }: TokenActionOptions,
	{ principal, origin }: Actor,
	publicId: string,
): Promise<TokenDetails> {
	const reader = callerOf(principal);
	await database.transaction().execute(async (transaction) => {
		const token = await readTokenDetails(transaction, reader, publicId);
		if (token === undefined) throw fault('not_found', { thing: 'API token' });
		if (!(await endToken(transaction, publicId, principal.email))) return;
		await recordAudit(transaction, principal, origin, {
			action: 'api_token.revoke',
			subject: { kind: 'api_token', id: publicId },
			before: { name: token.name, owner: token.ownerEmail, kind: token.kind },
			after: null,
		});
	});
	forgetAll();
	const revoked = await readTokenDetails(database, reader, publicId);
	if (revoked === undefined) throw fault('not_found', { thing: 'API token' });
	return revoked;
}

/** Members for whom somebody may issue tokens, the caller first. */
export async function ownersFor(
	database: Database,
	principal: Principal,
	text: string,
): Promise<TokenOwner[]> {
	const issuer = callerOf(principal);
	const candidates = await searchOwnerCandidates(database, issuer, text);
	return candidates.flatMap(({ userId, email, name, role, dealerNo, customerNos }) => {
		const { organizationNo } = issuer.scope;
		const scope = { organizationNo, dealerNo, customerNos, deviceNos: null };
		const owner = { userId, role, scope };
		// The search left out customers without devices of the dealer.
		if (!mayIssueFor(issuer, owner, true)) return [];
		const control = controlOffer(issuer, owner);
		return [{ userId, email, name, role, control, isSelf: userId === issuer.userId }];
	});
}
