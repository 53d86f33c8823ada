import type { AnyEndpoint, EndpointInput } from '#contract/endpoint.ts';
import { addressOf, type RequestParts } from './call.ts';
import { readProblem, unexpectedReply, unreachable } from './problem.ts';

/** Calls an endpoint that answers a file, however long that lasts. Throws what `call` throws. */
export function callForFile<E extends AnyEndpoint>(
	endpoint: E,
	input: EndpointInput<E>,
): Promise<Blob>;
export async function callForFile(endpoint: AnyEndpoint, input: RequestParts): Promise<Blob> {
	const { body } = input;
	try {
		const response = await fetch(addressOf(endpoint.path, input), {
			method: endpoint.method,
			...(body !== undefined && {
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			}),
		});
		if (response.ok) return await response.blob();
		const problem: unknown = await response.json().catch(() => null);
		throw readProblem(problem, response.headers) ?? unexpectedReply(response.status);
	} catch (error) {
		if (error instanceof TypeError) throw unreachable();
		throw error;
	}
}
