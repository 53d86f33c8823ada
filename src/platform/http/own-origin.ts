import type { FastifyRequest } from 'fastify';
import { fault } from '#contract/faults.ts';
import { bearerToken } from './bearer.ts';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site makes a browser send (CSRF, and WebSockets opened from elsewhere): anything that changes
 * something, and every upgrade. Programs send neither header and pass; a browser always sends one of them.
 * Fetch metadata decide where the browser sends them, else the Origin must name the host that was asked.
 */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: string | null): void {
	if (readingMethods.has(request.method) && request.headers.upgrade === undefined) return;
	if (takesTokens(request) && bearerToken(request.headers) !== null) return;
	const site = request.headers['sec-fetch-site'];
	if (site === 'same-origin' || site === 'none') return;
	const { origin } = request.headers;
	if (origin === undefined && site === undefined) return;
	if (origin !== undefined && isOwnOrigin(origin, request.host, publicUrl)) return;
	throw fault('foreign_origin');
}

/** Whether the address that is asked is one for programs, where cookies next to a token mean nothing. */
export function takesTokens({ routeOptions }: FastifyRequest): boolean {
	return routeOptions.config?.takesTokens === true;
}

function isOwnOrigin(origin: string, host: string, publicUrl: string | null): boolean {
	if (!URL.canParse(origin)) return false;
	const { protocol, host: originHost } = new URL(origin);
	// A proxy may have ended TLS, so that only the host is comparable, not the scheme.
	const asked = `${protocol}//${host}`;
	if (URL.canParse(asked) && new URL(asked).host === originHost) return true;
	return publicUrl !== null && new URL(publicUrl).origin === origin;
}
