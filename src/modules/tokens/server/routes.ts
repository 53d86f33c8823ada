import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import {
	createToken,
	listTokenDevices,
	listTokenFilters,
	listTokenOwners,
	listTokens,
	revokeToken as revokeEndpoint,
	showToken,
} from '../contract.ts';
import {
	callerOf,
	issueToken,
	ownersFor,
	requireOwner,
	revokeToken,
	type TokenActionOptions,
} from './actions.ts';
import { serveTokenExport } from './export.ts';
import { personOf } from './identify.ts';
import { readOwners, readTokenDetails, readTokenPage, searchSharedDevices } from './list-store.ts';

export interface TokenRouteOptions extends TokenActionOptions {
	readonly pool: pg.Pool;
}

/** The endpoints of the page of API tokens. */
export function serveTokenRoutes(app: FastifyInstance, options: TokenRouteOptions): void {
	const { database } = options;

	serve(app, listTokens, ({ query, principal }) =>
		readTokenPage(database, callerOf(principal), query),
	);
	serveTokenExport(app, options);
	serve(app, listTokenFilters, async ({ query, principal }) => ({
		owners: await readOwners(database, callerOf(principal), query.owner),
	}));
	serve(app, listTokenOwners, async ({ query, principal }) => ({
		owners: await ownersFor(database, principal, query.q),
	}));
	serve(app, listTokenDevices, async ({ query, principal }) => {
		const owner = await requireOwner(database, principal, query.ownerId);
		const { scope } = personOf(owner);
		return { deviceIds: await searchSharedDevices(database, principal.scope, scope, query.q) };
	});
	serve(app, showToken, async ({ params, principal }) => {
		const token = await readTokenDetails(database, callerOf(principal), params.publicId);
		if (token === undefined) throw fault('not_found', { thing: 'API token' });
		return token;
	});
	serve(app, createToken, (call) => issueToken(options, actorOf(call), call.body));
	serve(app, revokeEndpoint, (call) => revokeToken(options, actorOf(call), call.params.publicId));
}
