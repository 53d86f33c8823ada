import { type FieldProblem, problemSchema } from '#contract/faults.ts';
import { catalogue } from '#web/text/catalogue.ts';

const text = catalogue({
	unreachable: 'The server cannot be reached. Check your connection and try again.',
	unexpected:
		'The server answered in a way this page does not understand (HTTP {status}). Load the page again; if that does not help, tell your administrator.',
});

interface ProblemFacts {
	readonly code: string;
	readonly status: number;
	readonly sentence: string;
	readonly requestId: string | null;
	readonly fields: readonly FieldProblem[];
	/** Seconds after which to try again, where the server said so. */
	readonly retryAfterSeconds: number | null;
}

/**
 * Why a call gave no reply. `code` is the server's fault code, or `unreachable` (nobody answered, `status` 0), or
 * `unexpected_reply`. The message is a sentence for people.
 */
export class ProblemError extends Error {
	readonly code: string;
	readonly status: number;
	readonly requestId: string | null;
	readonly fields: readonly FieldProblem[];
	readonly retryAfterSeconds: number | null;

	constructor(facts: ProblemFacts) {
		super(facts.sentence);
		this.name = 'ProblemError';
		this.code = facts.code;
		this.status = facts.status;
		this.requestId = facts.requestId;
		this.fields = facts.fields;
		this.retryAfterSeconds = facts.retryAfterSeconds;
	}
}

/** Nobody answered: the network or the server is down. */
export function unreachable(): ProblemError {
	return new ProblemError({
		code: 'unreachable',
		status: 0,
		sentence: text('unreachable'),
		requestId: null,
		fields: [],
		retryAfterSeconds: null,
	});
}

/** An answer that is neither the declared reply nor problem details, as a proxy in between may give. */
export function unexpectedReply(status: number): ProblemError {
	return new ProblemError({
		code: 'unexpected_reply',
		status,
		sentence: text('unexpected', { status }),
		requestId: null,
		fields: [],
		retryAfterSeconds: null,
	});
}

/** Reads RFC 9457 problem details from the body of a failed answer; null when the body is something else. */
export function readProblem(body: unknown, headers: Headers): ProblemError | null {
	const parsed = problemSchema.safeParse(body);
	if (!parsed.success) return null;
	const { code, status, detail, requestId, fields } = parsed.data;
	return new ProblemError({
		code,
		status,
		sentence: detail,
		requestId,
		fields: fields ?? [],
		retryAfterSeconds: retryAfterSeconds(headers),
	});
}

/** Seconds to wait, from `Retry-After` or better-auth's `X-Retry-After`. */
export function retryAfterSeconds(headers: Headers): number | null {
	const value = headers.get('x-retry-after') ?? headers.get('retry-after');
	const seconds = Number(value);
	return value !== null && Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : null;
}
