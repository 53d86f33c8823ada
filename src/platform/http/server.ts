import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, {
	type FastifyBaseLogger,
	type FastifyInstance,
	type FastifyRequest,
	LogController,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import type { Log } from '#platform/log.ts';
import { bearerToken } from './bearer.ts';
import { serveOpenApi } from './openapi.ts';
import { refuseForeignOrigin, takesTokens } from './own-origin.ts';
import { maxBodyBytes, sendProblem } from './problem.ts';
import { isApiRequest, logRequests } from './request-log.ts';
import {
	headersOfProblems,
	isHttps,
	permissionsPolicy,
	securityHeaders,
} from './security-headers.ts';
import { createTokenLimits, type TokenLimits } from './token-limits.ts';

/** Requests under way when the server stops have this long to be answered. */
const closePatienceMs = 2_000;

/** A connection on which nothing passes for so long is closed; the longest poll of a device waits for 50 s. */
const silencePatienceMs = 75_000;

/**
 * Who sends a request, or null for somebody who is not signed in. Throws `no_membership` where there is no access,
 * `second_factor_needed` where it is not yet there, `token_not_accepted` and `token_invalid` for tokens.
 */
export type Identify = (request: FastifyRequest) => Promise<Principal | null>;

declare module 'fastify' {
	interface FastifyInstance {
		identify: Identify;
		isDatabaseUp: () => boolean;
		/** Every endpoint served so far; the role × endpoint table is checked against it. */
		servedEndpoints: AnyEndpoint[];
		tokenLimits: TokenLimits;
	}
	interface FastifyContextConfig {
		/** Whether programs may call it with a token. */
		takesTokens?: boolean;
		/** Whether a session may call it that has yet to set up a second factor. */
		isBeforeSecondFactor?: boolean;
	}
	interface FastifyRequest {
		/** Who sends the request, once that is known; whether they may is another question. */
		principal: Principal | null;
	}
}

export interface HttpServerOptions {
	readonly log: Log;
	/** Address under which browsers reach the portal, or null: as they ask for it. */
	readonly publicUrl: string | null;
	readonly version: string;
	readonly identify: Identify;
	readonly isDatabaseUp: () => boolean;
	/** API requests that one address may send in a minute. */
	readonly requestsPerMinute: number;
	/** Requests that one token may send in a minute, from whatever addresses; they do not count for the address. */
	readonly requestsPerTokenMinute?: number;
}

/**
 * An HTTP server with everything that holds for each request: ids, log, security headers, refusal of foreign origins,
 * rate limit, problem details. Endpoints are added with `serve`; nothing listens yet.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
	const loggerInstance: FastifyBaseLogger = options.log;
	const app: FastifyInstance = fastify({
		loggerInstance,
		logController: new LogController({
			disableRequestLogging: true,
			requestIdLogLabel: 'requestId',
		}),
		requestIdHeader: false,
		genReqId: () => randomUUID(),
		bodyLimit: maxBodyBytes,
		trustProxy: trustedProxies(options.publicUrl),
		// A request that is not there in full by then is given up.
		requestTimeout: 60_000,
		connectionTimeout: silencePatienceMs,
		// They come before any hook that sets headers.
		frameworkErrors: (error, request, reply) =>
			sendProblem(error, request, reply.headers(headersOfProblems)),
	});
	app.decorate('identify', async (request) => {
		if (bearerToken(request.headers) !== null && !takesTokens(request))
			throw fault('token_not_accepted');
		const principal = await options.identify(request);
		if (!principal?.lacksSecondFactor || request.routeOptions.config?.isBeforeSecondFactor)
			return principal;
		// For the log of who is refused.
		request.principal = principal;
		throw fault('second_factor_needed', { organization: principal.organization.name });
	});
	app.decorate('isDatabaseUp', options.isDatabaseUp);
	app.decorate('servedEndpoints', []);
	app.decorateRequest('principal', null);

	app.setErrorHandler(sendProblem);
	app.setNotFoundHandler((request, reply) =>
		sendProblem(fault('not_found', { thing: 'address' }), request, reply),
	);
	app.removeContentTypeParser('text/plain');
	// `serve` parses what comes in; Fastify knows the schemas for the API's description only.
	app.setValidatorCompiler(() => (value) => ({ value }));
	app.setSerializerCompiler(serializerCompiler);

	// Browsers open connections ahead on which nothing is asked: a server that stops would wait a minute for them.
	app.addHook('preClose', async () => {
		setTimeout(() => app.server.closeAllConnections(), closePatienceMs).unref();
	});
	logRequests(app);
	// Before anything is refused, so that refusals have them too.
	await app.register(helmet, securityHeaders(options.publicUrl));
	app.addHook('onRequest', async (request, reply) => {
		reply.header('x-request-id', request.id).header('permissions-policy', permissionsPolicy);
		if (isApiRequest(request)) reply.header('cache-control', 'no-store');
		refuseForeignOrigin(request, options.publicUrl);
	});
	app.addHook('onRequest', async (request, reply) => {
		// Its connection has gone: nobody hears an answer, and it has no address any more to be counted by.
		if (request.raw.socket.remoteAddress !== undefined) return;
		reply.hijack();
		request.raw.socket.destroy();
	});
	await app.register(rateLimit, {
		max: options.requestsPerMinute,
		timeWindow: 60_000,
		enableDraftSpec: true,
		ipv6Subnet: 64,
		allowList: (request) => !isApiRequest(request) || isTokenRequest(request),
		errorResponseBuilder: (_request, context) =>
			fault('too_many_requests', { retryAfterSeconds: Math.ceil(context.ttl / 1000) }),
	});
	app.decorate('tokenLimits', createTokenLimits(app, options.requestsPerTokenMinute ?? 600));
	await serveOpenApi(app, options.version, isHttps(options.publicUrl));
	return app;
}

/** Counted by its token, not by its address. */
function isTokenRequest(request: FastifyRequest): boolean {
	return takesTokens(request) && bearerToken(request.headers) !== null;
}

/**
 * Proxies whose word about the client's address and host is taken: those on this machine, and in the private networks
 * when there is a public address, since then a proxy is expected.
 */
function trustedProxies(publicUrl: string | null): string[] {
	return publicUrl === null ? ['loopback'] : ['loopback', 'linklocal', 'uniquelocal'];
}
