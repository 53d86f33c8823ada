import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import { type FaultCode, fault, faultKinds } from '#contract/faults.ts';
import { serveApiReader, tokenScheme } from '#platform/http/openapi.ts';
import { problemOf } from '#platform/http/problem.ts';
import { publicApiPath, publicDocsPath, publicDocumentPath } from '../contract.ts';

/** As far as it is worked on; everything else of the document passes as it is. */
const mediaSchema = z.looseObject({});
const contentSchema = z.looseObject({ content: z.record(z.string(), mediaSchema).optional() });
const operationSchema = z.looseObject({
	parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).optional(),
	requestBody: contentSchema.optional(),
	responses: z.record(z.string(), contentSchema),
});
const documentSchema = z.looseObject({
	paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});
type Operation = z.infer<typeof operationSchema>;

const description = `Send the token as \`Authorization: Bearer …\`. A token acts for its owner and sees no more than the owner does.

Instants are RFC 3339 in UTC. Lists come page by page: \`next\` is the cursor of the next one, and the \`Link\` header leads there.

Refusals are problem details (RFC 9457); programs go by \`code\`. What lies outside the scope of a token is answered like what does not exist.

How much a token may ask is in \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` (seconds); \`Retry-After\` says how long to wait after 429.`;

/** Refusals that every endpoint may answer with. */
const usualRefusals: readonly FaultCode[] = ['token_invalid', 'not_permitted', 'too_many_requests'];

/** Something for each placeholder of a sentence. */
const sampleDetails = {
	thing: 'device',
	command: 'Reboot',
	family: 'EV',
	because: 'the vehicle is moving',
	leftSeconds: 42,
	retryAfterSeconds: 17,
	summary: 'The end has to be after the start.',
};

/** Serves the OpenAPI document of what programs may call, with examples, and pages to read it. */
export async function servePublicDocument(app: FastifyInstance): Promise<void> {
	app.get(publicDocumentPath, { schema: { hide: true } }, async () => publicDocument(app));
	await serveApiReader(app, publicDocsPath, publicDocumentPath);
}

function publicDocument(app: FastifyInstance): unknown {
	const all = documentSchema.parse(app.swagger());
	const described = app.servedEndpoints.filter(({ path }) => path.startsWith(`${publicApiPath}/`));
	const paths: Record<string, Record<string, Operation>> = {};
	for (const endpoint of described) {
		const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
		const method = endpoint.method.toLowerCase();
		const operation = all.paths[path]?.[method];
		if (operation === undefined) continue;
		paths[path] = { ...paths[path], [method]: exemplified(operation, endpoint) };
	}
	return {
		openapi: '3.1.0',
		info: { title: 'Fleet API', version: '1', description },
		components: { securitySchemes: { [tokenScheme]: { type: 'http', scheme: 'bearer' } } },
		security: [{ [tokenScheme]: [] }],
		paths,
	};
}

function exemplified(operation: Operation, endpoint: AnyEndpoint): Operation {
	const { example } = endpoint;
	const given: Record<string, unknown> = { ...example?.query, ...example?.params };
	const success = String(endpoint.status ?? 200);
	const answered = operation.responses[success];
	return {
		...operation,
		...(operation.parameters && {
			parameters: operation.parameters.map((parameter) =>
				parameter.in !== 'header' && parameter.name in given
					? { ...parameter, example: given[parameter.name] }
					: parameter,
			),
		}),
		...(operation.requestBody && {
			requestBody: withExample(operation.requestBody, example?.body),
		}),
		responses: {
			...(answered && { [success]: withExample(answered, example?.reply) }),
			...refusalsOf(operation, [...usualRefusals, ...(endpoint.refuses ?? [])]),
		},
	};
}

function withExample<Part extends z.infer<typeof contentSchema>>(
	part: Part,
	example: unknown,
): Part {
	if (part.content === undefined || example === undefined) return part;
	const content = Object.entries(part.content).map(([type, media]) => [
		type,
		{ ...media, example },
	]);
	return { ...part, content: Object.fromEntries(content) };
}

/** The refusals by status, each code with an example. */
function refusalsOf(
	{ responses }: Operation,
	codes: readonly FaultCode[],
): Record<string, z.infer<typeof contentSchema>> {
	const type = 'application/problem+json';
	const schema = responses['4XX']?.content?.[type] ?? {};
	const byStatus = Map.groupBy(new Set(codes), (code) => String(faultKinds[code].status));
	return Object.fromEntries(
		[...byStatus].map(([status, refusals]) => [
			status,
			{
				description: refusals.map((code) => faultKinds[code].title).join('; '),
				content: {
					[type]: {
						...schema,
						examples: Object.fromEntries(
							refusals.map((code) => [
								code,
								{ value: problemOf(fault(code, sampleDetails), exampleRequestId) },
							]),
						),
					},
				},
			},
		]),
	);
}

const exampleRequestId = '0b8f3a52-8f0c-4a51-9a67-3a5d2b1c7e44';
