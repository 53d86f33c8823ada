import type { z } from 'zod';
import type { bytesSchema } from '#contract/bytes.ts';
import type { Admission, Endpoint, EndpointInput } from '#contract/endpoint.ts';
import { addressOf, type RequestParts } from './call.ts';
import { readProblem, unexpectedReply, unreachable } from './problem.ts';

/** Calls an endpoint that answers bytes. Throws what `call` throws. */
export function callForBytes<Params extends z.ZodType, Query extends z.ZodType>(
	endpoint: Endpoint<Params, Query, z.ZodType, typeof bytesSchema, Admission>,
	input: EndpointInput<Endpoint<Params, Query, z.ZodType, typeof bytesSchema, Admission>>,
	signal: AbortSignal,
): Promise<ArrayBuffer>;
export async function callForBytes(
	endpoint: Endpoint<z.ZodType, z.ZodType, z.ZodType, typeof bytesSchema, Admission>,
	input: RequestParts,
	signal: AbortSignal,
): Promise<ArrayBuffer> {
	try {
		const response = await fetch(addressOf(endpoint.path, input), {
			method: endpoint.method,
			signal,
		});
		if (response.ok) return await response.arrayBuffer();
		const body: unknown = await response.json().catch(() => null);
		throw readProblem(body, response.headers) ?? unexpectedReply(response.status);
	} catch (error) {
		if (error instanceof TypeError) throw unreachable();
		throw error;
	}
}
