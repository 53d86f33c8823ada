import * as oidc from 'openid-client';
import { z } from 'zod';
import type { Database } from '#platform/database/connect.ts';
import type { ProviderRefusal } from '../../contract.ts';
import { type ProviderClients, ProviderUnusable } from './discovery.ts';
import {
	bindMember,
	findBoundMember,
	findMemberByEmail,
	type ProviderMember,
	type ProviderRow,
	providerIdOf,
} from './store.ts';

/** What the browser carries, sealed, from here to the provider and back. */
export const flowSchema = z.object({
	organizationNo: z.number(),
	issuer: z.string(),
	clientId: z.string(),
	state: z.string(),
	nonce: z.string(),
	verifier: z.string(),
	redirectUri: z.string(),
	next: z.string(),
});
export type Flow = z.infer<typeof flowSchema>;

/** A sign-in that came to nothing. The cause is for the log. */
export class SignInRefused extends Error {
	readonly refusal: ProviderRefusal;

	constructor(refusal: ProviderRefusal, cause?: unknown) {
		super(`sign-in at the provider refused: ${refusal}`, { cause });
		this.refusal = refusal;
	}
}

/** Begins a sign-in: authorization code with PKCE, state and nonce. @throws SignInRefused */
export async function beginFlow(
	clients: ProviderClients,
	provider: ProviderRow,
	redirectUri: string,
	next: string,
): Promise<{ flow: Flow; address: URL }> {
	const client = await clients.clientOf(provider).catch((error: unknown) => {
		throw refusalOf(error);
	});
	const { organizationNo, issuer, clientId } = provider;
	const flow: Flow = {
		organizationNo,
		issuer,
		clientId,
		state: oidc.randomState(),
		nonce: oidc.randomNonce(),
		verifier: oidc.randomPKCECodeVerifier(),
		redirectUri,
		next,
	};
	const address = oidc.buildAuthorizationUrl(client, {
		redirect_uri: redirectUri,
		scope: 'openid email',
		state: flow.state,
		nonce: flow.nonce,
		code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
		code_challenge_method: 'S256',
	});
	return { flow, address };
}

const claimsSchema = z.object({
	email: z.string().max(320).optional(),
	email_verified: z.boolean().optional(),
});

/**
 * Finds out whom the provider vouches for: a member of its own organization, known by the subject that came in before,
 * or for the first time by a verified e-mail. Nobody is made a member by it.
 * @param query of the address to which the provider sent the browser back
 * @throws SignInRefused
 */
export async function finishFlow(
	database: Database,
	clients: ProviderClients,
	provider: ProviderRow,
	flow: Flow,
	query: string,
): Promise<ProviderMember> {
	const { subject, email, isVerified } = await askWho(clients, provider, flow, query);
	if (provider.domains.length > 0 && !provider.domains.includes(domainOf(email)))
		throw new SignInRefused('unknown');
	const { organizationNo } = provider;
	const providerId = providerIdOf(provider);
	const known = await findBoundMember(database, organizationNo, providerId, subject);
	if (known !== undefined) return allowed(known);
	if (!isVerified) throw new SignInRefused('unverified');
	const member = await findMemberByEmail(database, organizationNo, email);
	if (member === undefined) throw new SignInRefused('unknown');
	allowed(member);
	// An e-mail that the provider gave to somebody else since is not the person who was bound to it.
	if (await bindMember(database, member.userId, providerId, subject)) return member;
	const bound = await findBoundMember(database, organizationNo, providerId, subject);
	if (bound === undefined) throw new SignInRefused('unknown');
	return allowed(bound);
}

/** Who configures a provider decides whom it vouches for, and so must reach as far: for nobody above an Admin. */
function allowed(member: ProviderMember): ProviderMember {
	if (member.isSuperAdmin) throw new SignInRefused('super_admin');
	return member;
}

async function askWho(clients: ProviderClients, provider: ProviderRow, flow: Flow, query: string) {
	try {
		const client = await clients.clientOf(provider);
		const answer = new URL(flow.redirectUri);
		answer.search = query;
		const tokens = await oidc.authorizationCodeGrant(client, answer, {
			pkceCodeVerifier: flow.verifier,
			expectedState: flow.state,
			expectedNonce: flow.nonce,
			idTokenExpected: true,
		});
		const told = tokens.claims();
		if (told === undefined) throw new SignInRefused('refused');
		const { sub } = told;
		// Many providers keep the e-mail out of the ID token.
		const said =
			told.email === undefined && client.serverMetadata().userinfo_endpoint !== undefined
				? await oidc.fetchUserInfo(client, tokens.access_token, sub)
				: told;
		const claims = claimsSchema.safeParse(said).data ?? {};
		return {
			subject: sub,
			email: claims.email ?? '',
			isVerified: claims.email !== undefined && claims.email_verified === true,
		};
	} catch (error) {
		throw refusalOf(error);
	}
}

function refusalOf(error: unknown): SignInRefused {
	if (error instanceof SignInRefused) return error;
	if (error instanceof ProviderUnusable) return new SignInRefused('unreachable', error);
	if (
		error instanceof oidc.AuthorizationResponseError ||
		error instanceof oidc.ResponseBodyError ||
		error instanceof oidc.ClientError
	)
		return new SignInRefused('refused', error);
	return new SignInRefused('unreachable', error);
}

function domainOf(email: string): string {
	return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}
