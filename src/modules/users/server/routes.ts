import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import {
	addUser as addUserEndpoint,
	countUserSessions,
	deleteUser as deleteUserEndpoint,
	editUser as editUserEndpoint,
	endUserSessions as endUserSessionsEndpoint,
	listUsers,
	resendActivation as resendActivationEndpoint,
	resetUserSecondFactor as resetUserSecondFactorEndpoint,
	showUser,
	type UserRow,
} from '../contract.ts';
import {
	addUser,
	deleteUser,
	editUser,
	endUserSessions,
	resendActivation,
	resetUserSecondFactor,
	type UserActionOptions,
} from './actions.ts';
import { serveUserExport } from './export.ts';
import { countOpenSessions } from './sessions.ts';
import { readUser, readUserPage, type UserReader } from './store.ts';

export interface UserRoutesOptions extends UserActionOptions {
	readonly pool: pg.Pool;
}

/** The endpoints under which the users of an organization are kept. */
export function serveUsers(app: FastifyInstance, options: UserRoutesOptions): void {
	const { database } = options;

	serve(app, listUsers, ({ query, principal }) =>
		readUserPage(database, readerOf(principal), query),
	);
	serveUserExport(app, options);
	serve(app, showUser, ({ params, principal }) => found(readerOf(principal), params.userNo));
	serve(app, countUserSessions, async ({ params, principal }) => ({
		count: await countOpenSessions(
			database,
			{ organizationNo: requireWholeOrganization(principal.scope), role: principal.role },
			params.userNo,
		),
	}));

	serve(app, addUserEndpoint, (call) =>
		addUser(options, actorOf(call), call.body, call.request.host),
	);
	serve(app, editUserEndpoint, (call) =>
		editUser(options, actorOf(call), call.params.userNo, call.body, call.request.host),
	);
	serve(app, deleteUserEndpoint, async (call) => {
		await deleteUser(options, actorOf(call), call.params.userNo);
		return {};
	});
	serve(app, resendActivationEndpoint, (call) =>
		resendActivation(options, actorOf(call), call.params.userNo, call.request.host),
	);
	serve(app, endUserSessionsEndpoint, async (call) => ({
		count: await endUserSessions(options, actorOf(call), call.params.userNo),
	}));
	serve(app, resetUserSecondFactorEndpoint, (call) =>
		resetUserSecondFactor(options, actorOf(call), call.params.userNo),
	);

	async function found(reader: UserReader, userNo: number): Promise<UserRow> {
		const user = await readUser(database, reader, userNo);
		if (user === undefined) throw fault('not_found', { thing: 'user' });
		return user;
	}
}

function readerOf({ scope, userId, role }: Principal): UserReader {
	return { organizationNo: requireWholeOrganization(scope), userId, role };
}
