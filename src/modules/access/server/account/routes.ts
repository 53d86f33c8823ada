import type { FastifyInstance } from 'fastify';
import { actorOf } from '#modules/audit/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import {
	beginOwnSecondFactor,
	changeOwnPassword,
	confirmOwnSecondFactor,
	endOtherOwnSessions,
	endOwnSession,
	listOwnSessions,
	renewOwnRecoveryCodes,
	showAccount,
	switchOffOwnSecondFactor,
} from '../../contract.ts';
import { requiresSecondFactorOf } from '../policy/store.ts';
import {
	beginSecondFactor,
	confirmSecondFactor,
	renewRecoveryCodes,
	type SecondFactorOptions,
	switchOffSecondFactor,
} from '../second-factor/actions.ts';
import { countRecoveryCodes, hasSecondFactor } from '../second-factor/store.ts';
import { changePassword, readPasswordHash, requirePassword } from './password.ts';
import { endSessionOfAccount, listSessions, revokeOtherSessions, sessionIdOf } from './sessions.ts';

export interface AccountRoutesOptions extends SecondFactorOptions {
	/** Failed tries of a password that one account has in a minute. */
	readonly triesPerAccount: number;
	/** Hears whose sessions ended, or are worth something else. */
	readonly changed: (userId: string) => void;
}

/** Serves what people do with their own account. A token is not the person: it may do none of it. */
export function serveAccount(app: FastifyInstance, options: AccountRoutesOptions): void {
	const { database, triesPerAccount, changed } = options;
	serve(app, showAccount, async ({ principal }) => {
		const sessionId = sessionIdOf(principal);
		const { userId } = principal;
		return {
			hasPassword: (await readPasswordHash(database, userId)) !== null,
			secondFactor: {
				isOn: await hasSecondFactor(database, userId),
				isRequired: await requiresSecondFactorOf(database, principal, sessionId),
				recoveryCodesLeft: await countRecoveryCodes(database, userId),
			},
		};
	});
	serve(app, listOwnSessions, async ({ principal }) => ({
		rows: await listSessions(database, principal),
	}));
	serve(app, endOwnSession, async (call) => {
		await endSessionOfAccount(database, actorOf(call), call.params.sessionId);
		changed(call.principal.userId);
		return {};
	});
	serve(app, endOtherOwnSessions, async (call) => {
		const ended = await revokeOtherSessions(database, actorOf(call));
		changed(call.principal.userId);
		return { ended };
	});
	serve(app, changeOwnPassword, async (call) => {
		const sessionId = sessionIdOf(call.principal);
		const { current, password } = call.body;
		const actor = actorOf(call);
		await requirePassword(database, actor, triesPerAccount, {
			field: 'current',
			password: current,
		});
		await changePassword(database, actor, sessionId, password);
		changed(call.principal.userId);
		return {};
	});
	serve(app, beginOwnSecondFactor, async (call) => {
		sessionIdOf(call.principal);
		const actor = actorOf(call);
		const { password, code } = call.body;
		await requirePassword(database, actor, triesPerAccount, { field: 'password', password });
		return beginSecondFactor(options, actor, code);
	});
	serve(app, confirmOwnSecondFactor, async (call) => {
		const sessionId = sessionIdOf(call.principal);
		const codes = await confirmSecondFactor(options, actorOf(call), sessionId, call.body.code);
		changed(call.principal.userId);
		return { recoveryCodes: codes };
	});
	serve(app, renewOwnRecoveryCodes, async (call) => {
		sessionIdOf(call.principal);
		const actor = actorOf(call);
		await requirePassword(database, actor, triesPerAccount, {
			field: 'password',
			password: call.body.password,
		});
		return { recoveryCodes: await renewRecoveryCodes(options, actor) };
	});
	serve(app, switchOffOwnSecondFactor, async (call) => {
		const sessionId = sessionIdOf(call.principal);
		const actor = actorOf(call);
		await requirePassword(database, actor, triesPerAccount, {
			field: 'password',
			password: call.body.password,
		});
		await switchOffSecondFactor(options, actor, sessionId, call.body.code);
		changed(call.principal.userId);
		return {};
	});
}
