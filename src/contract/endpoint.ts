import type { z } from 'zod';
import type { FaultCode } from './faults.ts';
import type { Role } from './roles.ts';

/** Who may call: the listed roles, any signed-in member, or everyone (before sign-in). */
export type Admission = readonly Role[] | 'signed-in' | 'everyone';

export interface Endpoint<
	Params extends z.ZodType = z.ZodType,
	Query extends z.ZodType = z.ZodType,
	Body extends z.ZodType = z.ZodType,
	Reply extends z.ZodType = z.ZodType,
	Admits extends Admission = Admission,
> {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Fastify path; parameters as `:name`. */
	readonly path: `/api/${string}`;
	readonly summary: string;
	readonly admits: Admits;
	readonly params?: Params;
	readonly query?: Query;
	readonly body?: Body;
	readonly reply: Reply;
	/** Status of its reply; left out: 200. */
	readonly status?: 202;
	/**
	 * Whether programs may call it with a token. `read`: any token, and sessions too. `control`: control-enabled tokens
	 * alone, since nobody confirms there what they are about to do. Left out: no token at all.
	 */
	readonly tokens?: 'read' | 'control';
	/**
	 * Whether a session may call it that has yet to set up a second factor, which its organization requires. Left out: it
	 * is refused until then.
	 */
	readonly isBeforeSecondFactor?: boolean;
	/** A repeat with the same `Idempotency-Key` is answered as the first was, and does nothing. */
	readonly isIdempotent?: boolean;
	/** Refusals of its own that callers have to expect, for the description. */
	readonly refuses?: readonly FaultCode[];
	/** One call with its reply, for the description. */
	readonly example?: EndpointExample<Params, Query, Body, Reply>;
}

/** What a call could look like; what does not fit the schemas does not compile. */
export interface EndpointExample<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Reply extends z.ZodType,
> {
	readonly params?: z.input<Params>;
	readonly query?: z.input<Query>;
	readonly body?: z.input<Body>;
	readonly reply: z.input<Reply>;
}

// biome-ignore lint/suspicious/noExplicitAny: the widest endpoint; every use infers the exact schemas from its own
export type AnyEndpoint = Endpoint<any, any, any, any>;

type Part<Name extends string, Schema> = [Schema] extends [z.ZodType]
	? unknown extends z.input<Schema>
		? object
		: object extends z.input<Schema>
			? { [key in Name]?: z.input<Schema> }
			: { [key in Name]: z.input<Schema> }
	: object;

/** What a caller passes: only the parts that the endpoint declares. */
export type EndpointInput<E extends AnyEndpoint> = Part<'params', NonNullable<E['params']>> &
	Part<'query', NonNullable<E['query']>> &
	Part<'body', NonNullable<E['body']>>;

export type EndpointReply<E extends AnyEndpoint> = z.output<E['reply']>;

/**
 * Declares one endpoint. Server validation, the browser's types, the OpenAPI document and the role × endpoint table
 * all come from this one declaration.
 */
export function endpoint<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Reply extends z.ZodType,
	const Admits extends Admission,
>(
	declaration: Endpoint<Params, Query, Body, Reply, Admits>,
): Endpoint<Params, Query, Body, Reply, Admits> {
	return declaration;
}

/** Whether a caller is admitted. `role` is null for somebody who is not signed in. */
export function isAdmitted(admits: Admission, role: Role | null): boolean {
	if (admits === 'everyone') return true;
	if (role === null) return false;
	return admits === 'signed-in' || admits.includes(role);
}
