import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fault } from '#contract/faults.ts';

const headerName = 'idempotency-key';
const keySchema = z
	.string()
	.regex(/^[\x21-\x7e]{1,255}$/, 'An idempotency key has 1 to 255 printable ASCII characters.');

/** Header of a request that is done once however often it is sent (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyHeaders = z.object({
	[headerName]: keySchema
		.optional()
		.describe('Made up by the caller, another one for each new request; remembered for 24 hours'),
});

/** Marks a reply that was given before. */
export const replayedHeader = 'idempotency-replayed';

/** The request's idempotency key, or null. @throws `invalid_input` */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
	const written = headers[headerName];
	if (written === undefined) return null;
	const { data, error } = keySchema.safeParse(written);
	if (data !== undefined) return data;
	const message = error?.issues[0]?.message ?? '';
	throw fault('invalid_input', { summary: message }, [{ path: `headers.${headerName}`, message }]);
}
