import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fault } from '#contract/faults.ts';
import { readPasswordHash } from '../account/password.ts';
import type { Proof } from '../password-proof.ts';
import { createSealedCookie } from '../sealed-cookie.ts';
import { type SecondFactorOptions, takeCode } from './actions.ts';

/** Time to find the phone. */
const lifeSeconds = 5 * 60;

const stepSchema = z.object({ userId: z.string(), passwordMark: z.string() });

export interface SecondStep {
	/** Notes in the browser that the password of this account was right; that is no session. */
	begin(reply: FastifyReply, email: string): Promise<void>;
	/**
	 * Takes the code.
	 * @throws `second_step_over`, `too_many_requests`, `invalid_input`
	 */
	finish(
		request: FastifyRequest,
		reply: FastifyReply,
		code: string,
	): Promise<{ userId: string; email: string; by: string; proof: Proof }>;
}

/** What lies between the right password and the session of an account that has a second factor. */
export function createSecondStep(
	options: SecondFactorOptions & { readonly hasTls: boolean },
): SecondStep {
	const { database } = options;
	const cookie = createSealedCookie({
		...options,
		name: 'portal_second_step',
		purpose: 'second-step',
		schema: stepSchema,
		lifeSeconds,
	});
	return {
		async begin(reply, email) {
			const { id } = await database
				.selectFrom('auth_user')
				.select('id')
				.where('email', '=', email.toLowerCase())
				.executeTakeFirstOrThrow();
			const passwordMark = markOf(await readPasswordHash(database, id));
			cookie.set(reply, { userId: id, passwordMark });
		},
		async finish(request, reply, code) {
			const step = cookie.read(request);
			const user =
				step &&
				(await database
					.selectFrom('auth_user')
					.select(['id', 'email'])
					.where('id', '=', step.userId)
					.executeTakeFirst());
			if (!step || !user) throw fault('second_step_over');
			const passwordHash = await readPasswordHash(database, user.id);
			if (step.passwordMark !== markOf(passwordHash)) throw fault('second_step_over');
			const by = await takeCode(options, user.id, code);
			cookie.clear(reply);
			const proof = { userId: user.id, passwordHash, withSecondFactor: true };
			return { userId: user.id, email: user.email, by, proof };
		},
	};
}

/** Changes with the password, so that a step taken with the old one leads nowhere. */
function markOf(passwordHash: string | null): string {
	return createHash('sha256')
		.update(passwordHash ?? '')
		.digest('base64url');
}
