import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type KoaContextWithOIDC, Provider } from 'oidc-provider';

/** Somebody whom the provider knows; the login is the subject, too. */
export interface ProviderPerson {
	readonly login: string;
	readonly email: string;
	readonly isVerified: boolean;
}

type Claims = Record<string, unknown>;

export interface TestProvider {
	readonly issuer: string;
	readonly clientId: string;
	readonly clientSecret: string;
	/** Who may sign in there. */
	people: readonly ProviderPerson[];
	/** Changes the claims of ID tokens before they are signed, by a key that is the provider's or not. */
	forge: ((claims: Claims) => { claims: Claims; isSignedByStranger?: boolean }) | null;
	/**
	 * Goes the way of a browser through the provider's pages.
	 * @param address to which the portal sent the browser
	 * @returns the address to which the provider sends it back
	 */
	signIn(address: string, login: string): Promise<string>;
	close(): Promise<void>;
}

/** A real OpenID Connect provider on this machine, for one client. */
export async function startOidcProvider(redirectUris: readonly string[]): Promise<TestProvider> {
	const clientId = 'portal';
	const clientSecret = 'a client secret of thirty-two letters';
	const [own, stranger] = [newKey(), newKey()];
	const state: Pick<TestProvider, 'people' | 'forge'> = { people: [], forge: null };

	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const listening = server.address();
	const port = typeof listening === 'object' ? listening?.port : 0;
	const issuer = `http://127.0.0.1:${port}`;
	const provider = new Provider(issuer, {
		clients: [
			{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUris] },
		],
		jwks: { keys: [{ ...own.export({ format: 'jwk' }), kty: 'RSA', kid: 'own', use: 'sig' }] },
		cookies: { keys: ['only for tests'] },
		claims: { openid: ['sub'], email: ['email', 'email_verified'] },
		pkce: { required: () => true },
		features: { devInteractions: { enabled: false } },
		interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
		findAccount: (_context, login) => {
			const person = state.people.find((each) => each.login === login);
			return (
				person && {
					accountId: login,
					claims: () => ({ sub: login, email: person.email, email_verified: person.isVerified }),
				}
			);
		},
		loadExistingGrant: async (context) => {
			const { client, session } = context.oidc;
			if (client === undefined || session?.accountId === undefined) return undefined;
			const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
			grant.addOIDCScope('openid email');
			await grant.save();
			return grant;
		},
	});
	provider.use(async (context: KoaContextWithOIDC, next) => {
		await next();
		const { body } = context;
		if (state.forge === null || context.oidc?.route !== 'token' || !hasIdToken(body)) return;
		const [, claims = ''] = body.id_token.split('.');
		const forged = state.forge(JSON.parse(Buffer.from(claims, 'base64url').toString()));
		context.body = {
			...body,
			id_token: signed(forged.claims, forged.isSignedByStranger ? stranger : own),
		};
	});
	const handle = provider.callback();
	server.on('request', async (request, response) => {
		if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
		if (request.method === 'POST') {
			const login = new URLSearchParams(await text(request)).get('login') ?? '';
			await provider.interactionFinished(request, response, { login: { accountId: login } });
			return;
		}
		response
			.setHeader('content-type', 'text/html')
			.end(
				'<!doctype html><html lang="en"><title>Provider</title><form method="post"><label>Login <input name="login"></label><button>Go on</button></form></html>',
			);
	});

	return Object.assign(state, {
		issuer,
		clientId,
		clientSecret,
		async signIn(address: string, login: string) {
			const jar = new Map<string, string>();
			let next = address;
			for (let step = 0; step < 10; step += 1) {
				if (!next.startsWith(issuer)) return next;
				const isForm = new URL(next).pathname.startsWith('/interaction/');
				const answer = await fetch(next, {
					method: isForm ? 'POST' : 'GET',
					redirect: 'manual',
					headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
					...(isForm && { body: new URLSearchParams({ login }) }),
				});
				for (const cookie of answer.headers.getSetCookie()) {
					const [pair = ''] = cookie.split(';');
					jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
				}
				const location = answer.headers.get('location');
				if (location === null)
					throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
				next = new URL(location, next).href;
			}
			throw new Error('the provider leads nowhere');
		},
		async close() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	});
}

function newKey(): KeyObject {
	const { privateKey } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});
	return createPrivateKey(privateKey);
}

function signed(claims: Claims, key: KeyObject): string {
	const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
	const told = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'own' })}.${encode(claims)}`;
	return `${told}.${sign('sha256', Buffer.from(told), key).toString('base64url')}`;
}

function hasIdToken(body: unknown): body is { id_token: string } {
	return typeof body === 'object' && body !== null && 'id_token' in body;
}
