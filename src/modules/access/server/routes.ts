import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OwnTiles } from '#contract/own-tiles.ts';
import { brandForHost, brandOf, readSettings } from '#modules/organization/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { showPortal, showSession } from '../contract.ts';
import type { Auth } from './auth.ts';

export interface RoutesOptions {
	readonly auth: Auth;
	readonly database: Database;
	readonly version: string;
	readonly ownTiles: OwnTiles | null;
	readonly needsSetup: () => Promise<boolean>;
}

export function serveAccess(app: FastifyInstance, options: RoutesOptions): void {
	const { auth, database, version, ownTiles, needsSetup } = options;
	serve(app, showSession, async ({ principal, request, reply }) => {
		await prolongSession(auth, request, reply);
		const { organizationNo } = principal.scope;
		const { currency, modules } = await readSettings(database, organizationNo);
		const brand = await brandOf(database, organizationNo);
		return {
			user: { email: principal.email, name: principal.name },
			role: principal.role,
			organization: { ...principal.organization, ...brand, currency, modules },
			enteredFrom: principal.enteredFrom?.name ?? null,
			misRole: principal.misRole,
			ownTiles,
		};
	});
	serve(app, showPortal, async ({ request }) => ({
		...(await brandForHost(database, request.hostname)),
		version,
		needsSetup: await needsSetup(),
	}));
}

/** Each page that is opened makes a session last its full time again; once a day that is written down. */
async function prolongSession(
	auth: Auth,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<void> {
	const { headers } = await auth.api.getSession({
		headers: fromNodeHeaders(request.headers),
		returnHeaders: true,
	});
	const cookies = headers.getSetCookie();
	if (cookies.length > 0) reply.header('set-cookie', cookies);
}
