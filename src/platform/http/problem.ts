import type { FastifyReply, FastifyRequest } from 'fastify';
import { isResponseSerializationError } from 'fastify-type-provider-zod';
import { Fault, type FaultCode, fault, faultKinds, type Problem } from '#contract/faults.ts';
import { isUnavailable, sqlState } from '#platform/database/connect.ts';

/** Largest body of an API request. */
export const maxBodyBytes = 1024 * 1024;

/** SQLSTATE of a text that PostgreSQL cannot hold: one with NUL. */
const characterNotInRepertoire = '22021';
/** SQLSTATE of a disk on which the database found no room. */
const diskFull = '53100';
/** Pause that a client is asked for while the database is away or full. */
const databaseRetryAfterSeconds = 5;

/** What a program is told of its token (RFC 6750, 3). */
const challenges: Partial<Record<FaultCode, string>> = {
	token_invalid: 'Bearer error="invalid_token"',
	token_not_accepted: 'Bearer',
	token_read_only: 'Bearer error="insufficient_scope"',
};

/** The problem details (RFC 9457) of a fault, as they go out. */
export function problemOf(refusal: Fault, requestId: string): Problem {
	const { status, title } = faultKinds[refusal.code];
	return {
		type: `/problems/${refusal.code}`,
		title,
		status,
		detail: refusal.message,
		code: refusal.code,
		requestId,
		...(refusal.fields.length > 0 && { fields: [...refusal.fields] }),
	};
}

/** Answers with the problem that an error amounts to; what nobody expected goes to the log with its cause. */
export function sendProblem(
	error: unknown,
	request: FastifyRequest,
	reply: FastifyReply,
): FastifyReply {
	const refusal = refusalOf(error, request);
	const retryAfterSeconds = refusal.details.retryAfterSeconds;
	if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
	const challenge = challenges[refusal.code];
	if (challenge !== undefined) reply.header('www-authenticate', challenge);
	return reply
		.code(refusal.status)
		.header('x-request-id', request.id)
		.header('cache-control', 'no-store')
		.type('application/problem+json')
		.serializer(JSON.stringify)
		.send(problemOf(refusal, request.id));
}

function refusalOf(error: unknown, request: FastifyRequest): Fault {
	if (error instanceof Fault)
		return error.code === 'database_unavailable' ? databaseUnavailable() : error;
	if (isUnavailable(error)) {
		request.log.warn({ err: error }, 'database unavailable');
		return databaseUnavailable();
	}
	if (sqlState(error) === diskFull) {
		request.log.warn({ err: error }, 'database full');
		return fault('database_full', { retryAfterSeconds: databaseRetryAfterSeconds });
	}
	if (sqlState(error) === characterNotInRepertoire)
		return fault('invalid_input', { summary: 'A text holds a character that cannot be kept.' });
	if (isFrameworkError(error)) {
		const refusal = frameworkRefusal(error);
		if (refusal !== null) return refusal;
	}
	request.log.error({ err: error }, 'request failed');
	return fault('internal', { requestId: request.id });
}

function databaseUnavailable(): Fault {
	return fault('database_unavailable', { retryAfterSeconds: databaseRetryAfterSeconds });
}

/** An error of Fastify or of one of its plugins. */
interface FrameworkError {
	readonly statusCode: number;
	readonly code?: unknown;
}

function isFrameworkError(error: unknown): error is FrameworkError {
	return (
		error instanceof Error &&
		'statusCode' in error &&
		typeof error.statusCode === 'number' &&
		!isResponseSerializationError(error)
	);
}

/** What Fastify refuses before a handler runs; null for its failures, which are ours. */
function frameworkRefusal(error: FrameworkError): Fault | null {
	switch (error.code) {
		case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
			return fault('not_json');
		case 'FST_ERR_CTP_BODY_TOO_LARGE':
			return fault('too_large', { limit: `${maxBodyBytes / 1024 / 1024} MB` });
		case 'FST_ERR_CTP_EMPTY_JSON_BODY':
		case 'FST_ERR_CTP_INVALID_JSON_BODY':
			return fault('invalid_input', { summary: 'The body is not valid JSON.' });
		case 'FST_ERR_BAD_URL':
			return fault('invalid_input', { summary: 'The address is not a valid URL.' });
		default:
			return error.statusCode >= 400 && error.statusCode < 500
				? fault('invalid_input', { summary: 'The request could not be read.' })
				: null;
	}
}
