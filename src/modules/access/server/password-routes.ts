import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import { originOf } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import {
	activateAccount,
	checkAccountLink,
	type LinkState,
	requestPasswordReset,
	resetPassword,
} from '../contract.ts';
import { readLink } from './account-link.ts';
import { countLinkAttempt, type LinkLimits } from './link-attempts.ts';
import { passwordsOffAt } from './policy/password-door.ts';
import type { ResetRequests } from './reset-requests.ts';
import { type NewPassword, refuseWithoutPasswords, setPassword } from './set-password.ts';

export interface PasswordRoutesOptions {
	readonly database: Database;
	readonly resetRequests: ResetRequests;
	readonly limits: LinkLimits;
	/** Hears whose sessions ended. */
	readonly changed: (userId: string) => void;
}

/** Serves everything by which somebody who is not signed in gets a password. */
export function servePasswords(app: FastifyInstance, options: PasswordRoutesOptions): void {
	const { database, resetRequests, limits, changed } = options;

	async function set(input: NewPassword) {
		const { userId, email } = await setPassword(database, input);
		changed(userId);
		return { email };
	}

	serve(app, requestPasswordReset, async ({ body, request, reply }) => {
		const retryAfterSeconds = await countLinkAttempt(database, body.email, request.ip, limits);
		if (retryAfterSeconds !== null) throw fault('too_many_requests', { retryAfterSeconds });
		const asked = { email: body.email, host: request.host, origin: originOf(request) };
		// Once the answer is out: it has the same time whether there is such an account or not.
		reply.raw.once('close', () => resetRequests.take(asked));
		const off = await passwordsOffAt(database, request.hostname);
		if (off !== null) throw off;
		return {};
	});
	serve(app, checkAccountLink, async ({ body }) => {
		const link = await readLink(database, body.purpose, body.token);
		const state: LinkState = link?.state ?? 'unknown';
		if (link === undefined || state !== 'valid') return { state, account: null };
		refuseWithoutPasswords(link);
		const { email, organizationName } = link;
		return { state, account: { email, organizationName } };
	});
	serve(app, resetPassword, ({ body, request }) =>
		set({ ...body, purpose: 'reset', origin: originOf(request) }),
	);
	serve(app, activateAccount, ({ body, request }) =>
		set({ ...body, purpose: 'activate', origin: originOf(request) }),
	);
}
