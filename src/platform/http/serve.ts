import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { bytesSchema } from '#contract/bytes.ts';
import { type Admission, type AnyEndpoint, type Endpoint, isAdmitted } from '#contract/endpoint.ts';
import {
	Fault,
	type FaultCode,
	type FieldProblem,
	fault,
	problemSchema,
} from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { bearerToken } from './bearer.ts';
import { idempotencyHeaders } from './idempotency-key.ts';
import { tokenScheme } from './openapi.ts';

type PrincipalOf<Admits extends Admission> = Admits extends 'everyone'
	? Principal | null
	: Principal;

/** One request to an endpoint: its parts as their schemas read them, and who sent it. */
export interface Call<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Admits extends Admission,
> {
	readonly params: z.output<Params>;
	readonly query: z.output<Query>;
	readonly body: z.output<Body>;
	readonly principal: PrincipalOf<Admits>;
	readonly request: FastifyRequest;
	readonly reply: FastifyReply;
}

/**
 * Serves a declared endpoint: admission before anything is read, then validation, the handler, and the reply checked
 * and written by its schema. A reply that does not fit is a 500 whose cause is in the log. Declared bytes
 * (`bytesSchema`) are sent as they are.
 */
export function serve<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Reply extends z.ZodType,
	Admits extends Admission,
>(
	app: FastifyInstance,
	endpoint: Endpoint<Params, Query, Body, Reply, Admits>,
	handler: (call: Call<Params, Query, Body, Admits>) => Promise<z.output<Reply>> | z.output<Reply>,
): void {
	route(app, endpoint, endpoint.reply, handler);
}

/**
 * Serves a declared endpoint whose reply is a file, streamed as the handler makes it. When the caller goes away, the
 * stream is destroyed.
 */
export function serveFile<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Admits extends Admission,
>(
	app: FastifyInstance,
	endpoint: Endpoint<Params, Query, Body, z.ZodFile, Admits>,
	mediaType: string,
	handler: (call: Call<Params, Query, Body, Admits>) => Promise<Readable>,
): void {
	const reply = { content: { [mediaType]: { schema: endpoint.reply } } };
	route(app, endpoint, reply, async (call) => {
		const file = await handler(call);
		call.reply.type(mediaType);
		return file;
	});
}

export interface UploadOptions {
	readonly mediaType: string;
	readonly maxBytes: number;
	/** What a body of another media type is refused as. */
	readonly otherwise: FaultCode;
}

/**
 * Serves a declared endpoint whose body is a file, read by the handler as it comes. A file that is too large is refused
 * as soon as that is known, and what is left of it read to nowhere, so that the caller hears why.
 */
export function serveUpload<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Reply extends z.ZodType,
	Admits extends Admission,
>(
	app: FastifyInstance,
	endpoint: Endpoint<Params, Query, z.ZodType, Reply, Admits>,
	{ mediaType, maxBytes, otherwise }: UploadOptions,
	handler: (
		call: Call<Params, Query, z.ZodType, Admits>,
		file: AsyncIterable<Buffer>,
	) => Promise<z.output<Reply>>,
): void {
	app.register(async (uploads) => {
		uploads.removeAllContentTypeParsers();
		uploads.addContentTypeParser(mediaType, (_request, file, done) => done(null, file));
		uploads.addContentTypeParser('*', (_request, _body, done) => done(fault(otherwise)));
		route(uploads, endpoint, endpoint.reply, (call) => {
			const { body } = call.request;
			if (!(body instanceof Readable)) throw fault(otherwise);
			return handler(call, atMost(maxBytes, body));
		});
	});
}

async function* atMost(maxBytes: number, file: Readable): AsyncGenerator<Buffer> {
	let bytes = 0;
	for await (const chunk of file.iterator({ destroyOnReturn: false })) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw fault('too_large', { limit: `${maxBytes / 1024 / 1024} MB` });
		yield chunk;
	}
}

function route<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Reply extends z.ZodType,
	Admits extends Admission,
>(
	app: FastifyInstance,
	endpoint: Endpoint<Params, Query, Body, Reply, Admits>,
	replySchema: unknown,
	handler: (call: Call<Params, Query, Body, Admits>) => unknown,
): void {
	app.servedEndpoints.push(endpoint);
	const method: HTTPMethods = endpoint.method;
	const isBytes: boolean = Object.is(endpoint.reply, bytesSchema);
	app.route({
		method,
		url: endpoint.path,
		config: {
			takesTokens: endpoint.tokens !== undefined,
			isBeforeSecondFactor: endpoint.isBeforeSecondFactor === true,
		},
		schema: {
			summary: endpoint.summary,
			tags: [tagOf(endpoint.path)],
			...(endpoint.admits === 'everyone' && { security: [] }),
			...(endpoint.tokens && { security: [{ [tokenScheme]: [] }] }),
			...(endpoint.params && { params: endpoint.params }),
			...(endpoint.query && { querystring: endpoint.query }),
			...(endpoint.body && { body: endpoint.body }),
			...(endpoint.isIdempotent && { headers: idempotencyHeaders }),
			response: {
				[endpoint.status ?? 200]: isBytes ? bytesResponse : replySchema,
				'4xx': { content: { 'application/problem+json': { schema: problemSchema } } },
				'5xx': { content: { 'application/problem+json': { schema: problemSchema } } },
			},
		},
		// After the rate limit, before the body is read.
		preParsing: async (request, reply) => {
			reply.header('cache-control', 'no-store');
			if (!app.isDatabaseUp()) throw fault('database_unavailable');
			await admit(app, endpoint, request, reply);
		},
		handler: async (request, reply) => {
			const problems: FieldProblem[] = [];
			const params = readPart('params', endpoint.params, request.params, problems);
			const query = readPart('query', endpoint.query, request.query, problems);
			const body = readPart('body', endpoint.body, request.body, problems);
			if (problems.length > 0)
				throw fault('invalid_input', { summary: summaryOf(problems) }, problems);
			const principal = admitted(endpoint.admits, request.principal);
			const answer = await handler({ params, query, body, principal, request, reply });
			if (endpoint.status !== undefined) reply.code(endpoint.status);
			if (!(isBytes && answer instanceof Uint8Array)) return answer;
			return reply
				.type(bytesType)
				.send(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
		},
	});
}

const bytesType = 'application/octet-stream';
const bytesResponse = { content: { [bytesType]: { schema: z.file() } } };

/**
 * Finds out who calls, for the log even where they are refused, and refuses whom the endpoint does not admit. A token
 * that comes along decides alone: cookies beside it mean nothing.
 */
async function admit(
	app: FastifyInstance,
	endpoint: Pick<AnyEndpoint, 'admits' | 'tokens'>,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<void> {
	if (endpoint.tokens !== undefined && bearerToken(request.headers) !== null)
		await app.tokenLimits.refuseGuessing(request);
	request.principal = await identify(app, endpoint.admits, request);
	if (request.principal === null && endpoint.tokens !== undefined)
		reply.header('www-authenticate', 'Bearer');
	if (request.principal?.credential.kind === 'token') await app.tokenLimits.count(request, reply);
	admitted(endpoint.admits, request.principal);
	if (endpoint.tokens === 'control') refuseWithoutControl(request.principal);
}

function refuseWithoutControl(principal: Principal | null): void {
	if (principal?.credential.kind !== 'token') throw fault('token_needed');
	if (!principal.credential.mayControl) throw fault('token_read_only');
}

/** Somebody without access to this organization may still see what everyone may. */
async function identify(
	app: FastifyInstance,
	admits: Admission,
	request: FastifyRequest,
): Promise<Principal | null> {
	try {
		return await app.identify(request);
	} catch (error) {
		if (error instanceof Fault && error.code === 'token_invalid')
			await app.tokenLimits.countGuess(request);
		if (admits === 'everyone' && error instanceof Fault && isNoPlaceHere(error)) return null;
		throw error;
	}
}

/** Whether somebody is signed in, but not to this organization, or not yet. */
export function isNoPlaceHere({ code }: Fault): boolean {
	return code === 'no_membership' || code === 'second_factor_needed';
}

function admitted<Admits extends Admission>(
	admits: Admits,
	principal: Principal | null,
): PrincipalOf<Admits>;
function admitted(admits: Admission, principal: Principal | null): Principal | null {
	if (!isAdmitted(admits, principal?.role ?? null))
		throw fault(principal === null ? 'not_signed_in' : 'not_permitted');
	return principal;
}

function readPart<Schema extends z.ZodType>(
	name: string,
	schema: Schema | undefined,
	value: unknown,
	problems: FieldProblem[],
): z.output<Schema>;
function readPart(
	name: string,
	schema: z.ZodType | undefined,
	value: unknown,
	problems: FieldProblem[],
): unknown {
	const parsed = schema?.safeParse(value);
	if (parsed?.success) return parsed.data;
	for (const issue of parsed?.error.issues ?? [])
		problems.push({ path: [name, ...issue.path].join('.'), message: issue.message });
	return undefined;
}

/** One sentence for people: the first problem, and how many more there are. */
function summaryOf(problems: readonly FieldProblem[]): string {
	const first = problems[0]?.message ?? '';
	return problems.length === 1 ? first : `${first} (and ${problems.length - 1} more)`;
}

/** Endpoints are grouped in the API's description by the first part of their path, those for programs by the second. */
function tagOf(path: string): string {
	const [, , first = '', second] = path.split('/');
	return first === 'v1' ? (second ?? first) : first;
}
