import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fault } from '#contract/faults.ts';

const windowMs = 60_000;
/**
 * Tokens that are not valid, which one address may try in a minute. Then its valid ones wait, too, so there is room for a
 * forgotten program that repeats an expired one every second; 256 random bits are not found at this rate.
 */
const guessesPerMinute = 300;

/** How much programs may ask. */
export interface TokenLimits {
	/** Counts a request for its token, and says in the reply what is left. @throws `too_many_requests` */
	count(request: FastifyRequest, reply: FastifyReply): Promise<void>;
	/** Refuses an address that sent too many tokens that are not valid. @throws `too_many_requests` */
	refuseGuessing(request: FastifyRequest): Promise<void>;
	/** Counts a token that is not valid for the address it came from. */
	countGuess(request: FastifyRequest): Promise<void>;
}

/** Limits by token and by address over the server's rate limiter. */
export function createTokenLimits(app: FastifyInstance, requestsPerMinute: number): TokenLimits {
	const shared = { timeWindow: windowMs, allowList: [] };
	const ofToken = app.createRateLimit({
		...shared,
		max: requestsPerMinute,
		keyGenerator: ({ principal }) =>
			principal?.credential.kind === 'token' ? String(principal.credential.tokenNo) : '',
	});
	const ofAddress = app.createRateLimit({ ...shared, max: guessesPerMinute });
	return {
		async count(request, reply) {
			const limit = await ofToken(request);
			if (limit.isAllowed) return;
			reply
				.header('ratelimit-limit', limit.max)
				.header('ratelimit-remaining', limit.remaining)
				.header('ratelimit-reset', limit.ttlInSeconds);
			if (limit.isExceeded)
				throw fault('too_many_requests', { retryAfterSeconds: limit.ttlInSeconds });
		},
		async refuseGuessing(request) {
			const limit = await ofAddress(request, { increment: false });
			if (!limit.isAllowed && limit.remaining === 0)
				throw fault('too_many_requests', { retryAfterSeconds: limit.ttlInSeconds });
		},
		async countGuess(request) {
			await ofAddress(request);
		},
	};
}
