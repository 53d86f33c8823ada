import type { FastifyInstance } from 'fastify';
import type { Principal } from '#contract/principal.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { changeSignInPolicy, showSignInPolicy } from '../../contract.ts';
import { sessionIdOf } from '../account/sessions.ts';
import type { ProviderActionOptions } from '../provider/actions.ts';
import { hasSecondFactor } from '../second-factor/store.ts';
import { changePolicy } from './actions.ts';
import { isSuperAdmin, readPolicy } from './store.ts';

/** Serves how the members of an organization have to sign in. */
export function servePolicy(app: FastifyInstance, options: ProviderActionOptions): void {
	const { database } = options;
	serve(app, showSignInPolicy, async ({ principal }) => ({
		policy: await readPolicy(database, requireWholeOrganization(principal.scope)),
		own: await standingOf(database, principal),
	}));
	serve(app, changeSignInPolicy, async (call) => {
		sessionIdOf(call.principal);
		await changePolicy(options, actorOf(call), call.body);
		return {};
	});
}

/** How somebody came in, and could. */
async function standingOf(database: Database, principal: Principal) {
	const { userId } = principal;
	const session = await database
		.selectFrom('auth_session')
		.select('organizationNo')
		.where('id', '=', sessionIdOf(principal))
		.executeTakeFirst();
	return {
		isByPassword: session?.organizationNo === null,
		hasSecondFactor: await hasSecondFactor(database, userId),
		isSuperAdmin: await isSuperAdmin(database, userId),
	};
}
