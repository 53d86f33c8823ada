import type { AnyEndpoint, EndpointInput, EndpointReply } from '#contract/endpoint.ts';
import { exchange } from './exchange.ts';
import { readProblem, unexpectedReply } from './problem.ts';

export interface RequestParts {
	readonly params?: Readonly<Record<string, string | number>>;
	readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
	readonly body?: unknown;
}

/**
 * Calls an endpoint and returns its reply, checked against the endpoint's schema. Throws a `ProblemError` for
 * everything else; an abort through `signal` is thrown as it is.
 */
export function call<E extends AnyEndpoint>(
	endpoint: E,
	input: EndpointInput<E>,
	signal?: AbortSignal,
): Promise<EndpointReply<E>>;
export async function call(
	endpoint: AnyEndpoint,
	input: RequestParts,
	signal?: AbortSignal,
): Promise<unknown> {
	const answer = await exchange(
		endpoint.method,
		addressOf(endpoint.path, input),
		input.body,
		signal,
	);
	if (!answer.ok) throw readProblem(answer.body, answer.headers) ?? unexpectedReply(answer.status);
	const reply = endpoint.reply.safeParse(answer.body);
	if (!reply.success) throw unexpectedReply(answer.status);
	return reply.data;
}

/** An endpoint's address with its parameters and query filled in. */
export function addressOf(path: string, { params = {}, query = {} }: RequestParts): string {
	const filled = path.replace(/:(\w+)/g, (_, name: string) =>
		encodeURIComponent(String(params[name])),
	);
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		if (value !== undefined && value !== '') search.set(name, String(value));
	}
	return search.size > 0 ? `${filled}?${search}` : filled;
}
