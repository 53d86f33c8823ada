import { z } from 'zod';
import { exchange } from '#web/api/exchange.ts';
import { ProblemError, readProblem, retryAfterSeconds, unexpectedReply } from '#web/api/problem.ts';
import { authBasePath } from '../contract.ts';
import { text } from './text.ts';

/** How better-auth says no. */
const refusalSchema = z.object({ code: z.string().optional(), message: z.string().optional() });

/** What follows a right password: a session, or the question for a code. */
export type FirstStep = 'signed-in' | 'needs-code';

/** Signs in; the server sets the session's cookie. Throws a `ProblemError` that says why not. */
export async function signIn(email: string, password: string): Promise<FirstStep> {
	const status = await authRequest('/sign-in/email', { email, password });
	return status === 202 ? 'needs-code' : 'signed-in';
}

/** Ends the session on the server. */
export async function signOut(): Promise<void> {
	await authRequest('/sign-out', {});
}

/** @returns the status of an answer that is no refusal */
async function authRequest(path: string, body: unknown): Promise<number> {
	const answer = await exchange('POST', `${authBasePath}${path}`, body);
	if (answer.ok) return answer.status;
	throw (
		readProblem(answer.body, answer.headers) ??
		refusal(answer.status, answer.body, answer.headers) ??
		unexpectedReply(answer.status)
	);
}

function refusal(status: number, body: unknown, headers: Headers): ProblemError | null {
	const sentence = sentenceOf(status, refusalSchema.safeParse(body).data?.code);
	if (sentence === null) return null;
	return new ProblemError({
		code: sentence.code,
		status,
		sentence: sentence.text,
		requestId: null,
		fields: [],
		retryAfterSeconds: retryAfterSeconds(headers),
	});
}

function sentenceOf(
	status: number,
	code: string | undefined,
): { code: string; text: string } | null {
	if (status === 429) return { code: 'too_many_requests', text: text('tooManyAttempts') };
	if (status === 401 || code === 'INVALID_EMAIL') {
		return { code: 'wrong_credentials', text: text('wrongCredentials') };
	}
	if (status === 403) return { code: 'not_permitted', text: text('addressRefused') };
	return null;
}
