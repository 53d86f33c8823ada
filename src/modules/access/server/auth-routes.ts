import type { IncomingHttpHeaders } from 'node:http';
import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { Fault, fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { type AuditAction, originOf, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { authBasePath, finishSignIn } from '../contract.ts';
import { type Auth, clientAddressHeader, passwordOffCode, secondStepCode } from './auth.ts';
import type { Identification } from './identify.ts';
import { isStillProof, type Proof, readProof } from './password-proof.ts';
import { passwordRefusalOf, passwordsOffAt } from './policy/password-door.ts';
import type { SecondStep } from './second-factor/second-step.ts';
import { countAttempt, forgetAttempts, hashOf } from './sign-in-attempts.ts';

const signInPath = `${authBasePath}/sign-in/email`;
const signOutPath = `${authBasePath}/sign-out`;

/** What is offered of better-auth's many routes: those that the product uses, so that no other changes an account. */
const offeredPaths = new Set([signInPath, signOutPath]);

/** All that is handed on of a body: better-auth would also take where to lead the browser. */
const signInSchema = z.object({ email: z.string().max(1000), password: z.string() });
/** How better-auth says no. */
const refusalSchema = z.object({ code: z.string() });
type Credentials = z.output<typeof signInSchema>;

export interface AuthRoutesOptions {
	readonly auth: Auth;
	readonly database: Database;
	readonly identification: Identification;
	readonly secondStep: SecondStep;
	/** Failed tries that one account has in a minute. */
	readonly triesPerAccount: number;
}

/** Serves better-auth's routes, with their own bodies and answers, behind one route of ours. */
export function serveAuth(app: FastifyInstance, options: AuthRoutesOptions): void {
	const { auth, database, identification, secondStep, triesPerAccount } = options;
	app.post(`${authBasePath}/*`, { schema: { hide: true } }, async (request, reply) => {
		if (!offeredPaths.has(request.url)) return reply.callNotFound();
		if (!app.isDatabaseUp()) throw fault('database_unavailable');
		const credentials =
			request.url === signInPath ? signInSchema.safeParse(request.body).data : null;
		const email = credentials?.email;
		if (email !== undefined) {
			const retryAfterSeconds = await countAttempt(database, email, triesPerAccount);
			if (retryAfterSeconds !== null) {
				logSignIn(request, email, 429);
				throw fault('too_many_requests', { retryAfterSeconds });
			}
		}
		// Without its database better-auth would sign out in the browser alone.
		if (request.url === signOutPath) await sql`select 1`.execute(database);
		const leaving =
			request.url === signOutPath ? await memberOf(identification, request, request.headers) : null;
		const proof = email === undefined ? null : await readProof(database, email);
		const answer = await auth.handler(webRequest(request, credentials));
		if (request.url === signOutPath) identification.forget(request.headers);
		const refusal = email === undefined ? null : await refusalOf(answer);
		if (email !== undefined && refusal === secondStepCode) {
			logSignIn(request, email, 202);
			await secondStep.begin(reply, email);
			return reply.code(202).header('cache-control', 'no-store').send({});
		}
		if (email !== undefined) logSignIn(request, email, answer.status);
		if (answer.status === 429) throw tooManyRequests(answer);
		if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`);
		if (email !== undefined && !answer.ok)
			await refuseWithoutPasswords(database, request, refusal, proof);
		if (email !== undefined && answer.ok)
			await welcome(options, request, answer.headers, { email, by: null, proof });
		if (answer.ok) await recordSession(database, request, 'session.sign_out', leaving);
		return send(reply, answer);
	});
	serve(app, finishSignIn, async ({ body, request, reply }) => {
		const recognised = await secondStep.finish(request, reply, body.code);
		const off = await passwordRefusalOf(database, recognised.userId, request.hostname);
		if (off !== null) throw off;
		await openSession(options, request, reply, { ...recognised, organizationNo: null });
		return {};
	});
}

export interface Recognised {
	readonly userId: string;
	readonly email: string;
	/** The only organization at which the session counts; null: wherever the account is a member. */
	readonly organizationNo: number | null;
	/** What vouched for the person besides a password, for the audit log. */
	readonly by: string;
	/** What the person proved here; null for somebody who did so elsewhere. */
	readonly proof: Proof | null;
}

export type OpenSessionOptions = Pick<AuthRoutesOptions, 'auth' | 'database' | 'identification'>;

/** Opens a session for somebody who was recognised, and ends the one that the browser had. */
export async function openSession(
	options: OpenSessionOptions,
	request: FastifyRequest,
	reply: FastifyReply,
	recognised: Recognised,
): Promise<void> {
	const { userId, email, organizationNo } = recognised;
	const { headers } = await options.auth.api.openSession({
		body: { userId, organizationNo },
		headers: headersFor(request),
		returnHeaders: true,
	});
	await welcome(options, request, headers, recognised);
	logSignIn(request, email, 200);
	reply.header('set-cookie', headers.getSetCookie());
}

interface Newcomer extends Pick<Recognised, 'email' | 'proof'> {
	readonly by: string | null;
}

/**
 * What follows when a session was opened: the one before ends, tries are forgotten, the audit log knows.
 * @throws `sign_in_overtaken` when the password was changed meanwhile; the session has ended
 */
async function welcome(
	{ database, identification }: Pick<AuthRoutesOptions, 'database' | 'identification'>,
	request: FastifyRequest,
	answered: Headers,
	{ email, by, proof }: Newcomer,
): Promise<void> {
	const session = { cookie: cookieOf(answered) };
	if (proof !== null && !(await isStillProof(database, proof))) {
		await identification.end(session);
		throw fault('sign_in_overtaken');
	}
	await identification.end(request.headers);
	await forgetAttempts(database, email);
	const coming = await memberOf(identification, request, session);
	identification.forget(session);
	await recordSession(database, request, 'session.sign_in', coming, by);
}

/** The code with which better-auth refused; null when it did not, or said nothing more. */
async function refusalOf(answer: Response): Promise<string | null> {
	if (answer.ok) return null;
	const said = await answer
		.clone()
		.json()
		.catch(() => null);
	return refusalSchema.safeParse(said).data?.code ?? null;
}

/**
 * Answers alike whatever was typed, at a host whose organization takes no passwords; elsewhere only who had the right
 * one hears that it opens nothing.
 * @throws `password_sign_in_off`
 */
async function refuseWithoutPasswords(
	database: Database,
	{ hostname }: FastifyRequest,
	refusal: string | null,
	proof: Proof | null,
): Promise<void> {
	const off =
		(await passwordsOffAt(database, hostname)) ??
		(refusal === passwordOffCode && proof !== null
			? await passwordRefusalOf(database, proof.userId, hostname)
			: null);
	if (off !== null) throw off;
}

/** Who has a session at the organization that was asked for; nobody's log tells of others. */
async function memberOf(
	identification: Identification,
	{ host }: FastifyRequest,
	headers: IncomingHttpHeaders,
): Promise<Principal | null> {
	try {
		return await identification.identify(headers, host);
	} catch (error) {
		if (error instanceof Fault && error.code === 'no_membership') return null;
		throw error;
	}
}

function cookieOf(headers: Headers): string {
	return headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
}

async function recordSession(
	database: Database,
	request: FastifyRequest,
	action: AuditAction,
	principal: Principal | null,
	by: string | null = null,
): Promise<void> {
	if (principal === null) return;
	await recordAudit(database, principal, originOf(request), {
		action,
		subject: { kind: 'account', id: principal.email },
		before: null,
		after: by === null ? null : { by },
	});
}

/**
 * Notes a try to sign in. The account is told apart by a part of its hash: what people type by mistake, a password
 * even, is not written down.
 */
function logSignIn(request: FastifyRequest, email: string, status: number): void {
	const account = hashOf(email).toString('hex').slice(0, 16);
	const isGranted = status < 400;
	request.log[isGranted ? 'info' : 'warn'](
		{ account, address: request.ip, status },
		isGranted ? 'signed in' : 'sign-in refused',
	);
}

/** A request's headers as better-auth reads them: with the address that we see. */
function headersFor(request: FastifyRequest): Headers {
	const headers = fromNodeHeaders(request.headers);
	headers.set(clientAddressHeader, request.ip);
	return headers;
}

/** The request as better-auth reads it: at the origin that the browser sees, from the address that we see. */
function webRequest(request: FastifyRequest, body: Credentials | null | undefined): Request {
	const address = `${request.protocol}://${request.host}${request.url}`;
	if (!URL.canParse(address))
		throw fault('invalid_input', { summary: 'The Host header is not valid.' });
	const headers = headersFor(request);
	// Foreign origins were refused before; what is left may differ from our address by a proxy, or be a program's.
	headers.set('origin', new URL(address).origin);
	headers.delete('content-length');
	headers.delete('transfer-encoding');
	headers.set('content-type', 'application/json');
	return new Request(address, {
		method: request.method,
		headers,
		body: JSON.stringify(body ?? {}),
	});
}

function tooManyRequests(answer: Response): Error {
	return fault('too_many_requests', {
		retryAfterSeconds: Number(answer.headers.get('x-retry-after') ?? 60),
	});
}

async function send(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
	reply.code(answer.status).header('cache-control', 'no-store');
	for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
	reply.header('set-cookie', answer.headers.getSetCookie());
	// What better-auth says of a session holds its token, which is for the cookie alone.
	return reply.send(answer.ok ? '{}' : await answer.text());
}
