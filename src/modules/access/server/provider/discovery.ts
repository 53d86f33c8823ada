import * as oidc from 'openid-client';
import type { Clock } from '#platform/clock.ts';
import type { Vault } from '../vault.ts';
import { AddressRefused, createOutbound, type OutboundRules, requireAllowed } from './outbound.ts';
import type { ProviderRow } from './store.ts';

const patienceSeconds = 8;
/** How long what a provider says of itself is believed. */
const keptMs = 5 * 60_000;
/** How long one that cannot be used is left alone: whoever opens the sign-in page has it asked. */
const failureKeptMs = 5_000;

/** A provider that cannot be used; the message says why, as part of a sentence. */
export class ProviderUnusable extends Error {}

/** A provider that does not know the client ID, or the secret that was given with it. */
export class ClientUnknown extends ProviderUnusable {}

export interface ProviderClients {
	/** What is needed to sign in at a stored provider. @throws ProviderUnusable */
	clientOf(provider: ProviderRow): Promise<oidc.Configuration>;
	/** Asks a provider anew what it says of itself, and whether it knows the client. @throws ProviderUnusable */
	tryOut(issuer: string, clientId: string, clientSecret: string): Promise<void>;
}

export interface ProviderClientsOptions {
	readonly rules: OutboundRules;
	readonly vault: Vault;
	readonly clock: Clock;
}

/** Knows the organizations' providers: their addresses and keys, by OpenID Connect Discovery. */
export function createProviderClients(options: ProviderClientsOptions): ProviderClients {
	const { rules, vault, clock } = options;
	const outbound = createOutbound(rules);
	const kept = new Map<number, KeptClient>();

	async function discover(issuer: string, clientId: string, clientSecret: string) {
		try {
			requireAllowed(new URL(issuer), rules);
			const asked = await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
				[oidc.customFetch]: outbound,
				timeout: patienceSeconds,
				...(rules.allowsLoopback && { execute: [oidc.allowInsecureRequests] }),
			});
			return clientFor(asked.serverMetadata(), clientId, clientSecret);
		} catch (error) {
			throw new ProviderUnusable(reasonOf(error), { cause: error });
		}
	}

	function clientFor(
		server: oidc.ServerMetadata,
		clientId: string,
		clientSecret: string,
	): oidc.Configuration {
		const { authorization_endpoint: entrance, token_endpoint: tokens, jwks_uri: keys } = server;
		if (entrance === undefined || tokens === undefined || keys === undefined)
			throw new ProviderUnusable('it does not say where to sign in, or with which keys it signs');
		for (const address of [entrance, tokens, keys]) requireAllowed(new URL(address), rules);
		const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
		const authentication = methods.includes('client_secret_basic')
			? oidc.ClientSecretBasic(clientSecret)
			: oidc.ClientSecretPost(clientSecret);
		const client = new oidc.Configuration(server, clientId, clientSecret, authentication);
		client[oidc.customFetch] = outbound;
		client.timeout = patienceSeconds;
		if (rules.allowsLoopback) oidc.allowInsecureRequests(client);
		// Its signature is looked at although it comes over TLS from the provider itself.
		oidc.enableNonRepudiationChecks(client);
		return client;
	}

	async function requireKnown(client: oidc.Configuration): Promise<void> {
		try {
			await oidc.genericGrantRequest(client, 'authorization_code', codeOfNobody);
		} catch (error) {
			if (saysClientUnknown(error))
				throw new ClientUnknown('it does not take this client ID with this client secret');
			// The code is refused, as it should be; or whether the client is known is not told.
			if (!isAnswer(error)) throw new ProviderUnusable(reasonOf(error), { cause: error });
		}
	}

	async function discoverStored({
		organizationNo,
		issuer,
		clientId,
		clientSecret: sealed,
	}: ProviderRow): Promise<oidc.Configuration> {
		const clientSecret = vault.open('provider-secret', String(organizationNo), sealed);
		if (clientSecret === null)
			throw new ProviderUnusable('its client secret was kept with another auth-secret');
		return discover(issuer, clientId, clientSecret);
	}

	return {
		tryOut: async (issuer, clientId, clientSecret) =>
			requireKnown(await discover(issuer, clientId, clientSecret)),
		clientOf(provider) {
			const { organizationNo, issuer, clientId, clientSecret } = provider;
			const key = `${issuer}\n${clientId}\n${clientSecret.toString('base64')}`;
			const known = kept.get(organizationNo);
			if (known?.key === key && Math.abs(clock() - known.atMs) < known.forMs) return known.client;
			// Whoever comes while it is asked waits for the same answer.
			const asking: KeptClient = {
				key,
				client: discoverStored(provider),
				atMs: clock(),
				forMs: keptMs,
			};
			kept.set(organizationNo, asking);
			asking.client.catch(() => {
				asking.atMs = clock();
				asking.forMs = failureKeptMs;
			});
			return asking.client;
		},
	};
}

interface KeptClient {
	readonly key: string;
	readonly client: Promise<oidc.Configuration>;
	atMs: number;
	forMs: number;
}

/** The client is looked at before the code (RFC 6749, 3.2.1 and 5.2): one that never was shows whether it is known. */
const codeOfNobody = {
	code: 'none',
	redirect_uri: 'https://localhost/',
	code_verifier: oidc.randomPKCECodeVerifier(),
};

function saysClientUnknown(error: unknown): boolean {
	if (error instanceof oidc.WWWAuthenticateChallengeError) return error.status === 401;
	return error instanceof oidc.ResponseBodyError && error.error === 'invalid_client';
}

function isAnswer(error: unknown): boolean {
	if (
		error instanceof oidc.ResponseBodyError ||
		error instanceof oidc.WWWAuthenticateChallengeError
	)
		return true;
	return error instanceof oidc.ClientError && notUnderstood.has(error.code ?? '');
}

const notUnderstood: ReadonlySet<string> = new Set([
	'OAUTH_RESPONSE_IS_NOT_CONFORM',
	'OAUTH_RESPONSE_IS_NOT_JSON',
	'OAUTH_PARSE_ERROR',
	'OAUTH_INVALID_RESPONSE',
]);

/** What an administrator can make of it; what the other side answered in detail is not told. */
function reasonOf(error: unknown): string {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if (cause instanceof AddressRefused || cause instanceof ProviderUnusable) return cause.message;
		if (cause.name === 'TimeoutError') return `it does not answer within ${patienceSeconds} s`;
		if ('code' in cause && typeof cause.code === 'string') {
			const known = reasons.get(cause.code);
			if (known !== undefined) return known;
		}
	}
	return 'it does not answer';
}

const reasons: ReadonlyMap<string, string> = new Map([
	['ENOTFOUND', 'its host name is not known'],
	['EAI_AGAIN', 'its host name is not known'],
	['ECONNREFUSED', 'nothing listens there'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not from a known authority'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not from a known authority'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not from a known authority'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
	['CERT_HAS_EXPIRED', 'its certificate has expired'],
	['OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED', 'it says that its issuer is another one'],
	['OAUTH_RESPONSE_IS_NOT_CONFORM', 'there is no discovery document of OpenID Connect'],
	['OAUTH_RESPONSE_IS_NOT_JSON', 'there is no discovery document of OpenID Connect'],
	['OAUTH_PARSE_ERROR', 'there is no discovery document of OpenID Connect'],
	['OAUTH_INVALID_RESPONSE', 'there is no discovery document of OpenID Connect'],
]);
