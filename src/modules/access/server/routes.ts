import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { OwnTiles } from '#contract/own-tiles.ts';
import { brandForHost, brandIn, readSettings } from '#modules/organization/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { showPortal, showSession } from '../contract.ts';
import type { Auth } from './auth.ts';
import { readWaysAt } from './policy/ways.ts';

export interface RoutesOptions {
	readonly auth: Auth;
	readonly database: Database;
	readonly version: string;
	readonly ownTiles: OwnTiles | null;
	readonly needsSetup: () => Promise<boolean>;
}

export function serveAccess(app: FastifyInstance, options: RoutesOptions): void {
	const { database, version, ownTiles, needsSetup } = options;
	serve(app, showSession, async ({ principal, request, reply }) => {
		await prolongSession(options, request, reply);
		const settings = await readSettings(database, principal.scope.organizationNo);
		const { currency, modules } = settings;
		return {
			user: { email: principal.email, name: principal.name },
			role: principal.role,
			organization: { ...principal.organization, ...brandIn(settings), currency, modules },
			enteredFrom: principal.enteredFrom?.name ?? null,
			misRole: principal.misRole,
			ownTiles,
			lacksSecondFactor: principal.lacksSecondFactor === true,
		};
	});
	serve(app, showPortal, async ({ request }) => {
		const ways = await readWaysAt(database, request.hostname);
		return {
			...(await brandForHost(database, request.hostname)),
			version,
			needsSetup: await needsSetup(),
			provider: ways === undefined || ways.provider === null ? null : { label: ways.provider },
			allowsPassword: ways?.allowsPassword ?? true,
		};
	});
}

/** Each page that is opened makes a session last its full time again; once a day that is written down. */
async function prolongSession(
	{ auth, database }: Pick<RoutesOptions, 'auth' | 'database'>,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<void> {
	const { headers } = await auth.api
		.getSession({ headers: fromNodeHeaders(request.headers), returnHeaders: true })
		.catch(async (error: unknown) => {
			// It would hide that the database is gone; this says so.
			await sql`select 1`.execute(database);
			throw error;
		});
	const cookies = headers.getSetCookie();
	if (cookies.length > 0) reply.header('set-cookie', cookies);
}
