import fc from 'fast-check';
import { z } from 'zod';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import { type Role, roles } from '#contract/roles.ts';
import { jsonText } from './json.ts';
import { awkwardText } from './texts.ts';

/** One request to a declared endpoint. */
export interface EndpointCase {
	readonly endpoint: AnyEndpoint;
	/** Null: not signed in. */
	readonly role: Role | null;
	readonly path: string;
	/** As text, since it may be no JSON; null where the endpoint takes none. */
	readonly body: string | null;
}

/** The part of JSON Schema that tells what a value may look like. */
const shapeSchema = z.object({
	type: z.string().optional(),
	properties: z.record(z.string(), z.unknown()).optional(),
	items: z.unknown().optional(),
	anyOf: z.array(z.unknown()).optional(),
	enum: z.array(z.unknown()).optional(),
	minimum: z.number().optional(),
	maximum: z.number().optional(),
});

/** Values that a declaration admits, or nearly: of the right type, at its edges and beyond, with wrong ones between. */
function likely(schema: unknown, depth = 0): fc.Arbitrary<string> {
	const shape = shapeSchema.safeParse(schema).data;
	if (shape === undefined || depth > 6) return jsonText;
	const right = rightText(shape, depth);
	return fc.oneof({ arbitrary: right, weight: 8 }, { arbitrary: jsonText, weight: 1 });
}

function rightText(shape: z.infer<typeof shapeSchema>, depth: number): fc.Arbitrary<string> {
	if (shape.enum !== undefined)
		return fc.constantFrom(...shape.enum).map((value) => JSON.stringify(value));
	if (shape.anyOf !== undefined && shape.anyOf.length > 0)
		return fc.oneof(...shape.anyOf.map((one) => likely(one, depth + 1)));
	switch (shape.type) {
		case 'object': {
			const entries = Object.entries(shape.properties ?? {});
			return fc
				.tuple(...entries.map(([name, value]) => entryText(name, value, depth)))
				.map((all) => `{${all.filter((text) => text !== null).join(',')}}`);
		}
		case 'array':
			return fc.array(likely(shape.items, depth + 1), { maxLength: 4 }).map((all) => `[${all}]`);
		case 'integer':
		case 'number': {
			const { minimum = -1_000, maximum = 1_000_000 } = shape;
			return fc
				.oneof(fc.constantFrom(minimum, minimum - 1, maximum, 0, 1, 2), fc.integer())
				.map(String);
		}
		case 'boolean':
			return fc.constantFrom('true', 'false');
		default:
			return awkwardText.map((text) => JSON.stringify(text));
	}
}

function entryText(name: string, schema: unknown, depth: number): fc.Arbitrary<string | null> {
	const value =
		name === 'confirm'
			? fc.oneof({ arbitrary: fc.constant('"Confirm"'), weight: 4 }, jsonText)
			: likely(schema, depth + 1);
	return fc.option(value, { freq: 8 }).map((text) => text && `${JSON.stringify(name)}:${text}`);
}

/** What a declaration takes, as JSON Schema. */
function schemaOf(part: z.ZodType | undefined): unknown {
	return part && z.toJSONSchema(part, { io: 'input', unrepresentable: 'any' });
}

/** @param known values that exist, and some that exist elsewhere */
export function endpointCases(
	endpoints: readonly AnyEndpoint[],
	known: readonly string[],
): fc.Arbitrary<EndpointCase> {
	const plain = fc.oneof(
		{ arbitrary: fc.constantFrom(...known), weight: 3 },
		{ arbitrary: awkwardText, weight: 2 },
	);
	return fc.oneof(...endpoints.map((endpoint) => casesOf(endpoint, plain)));
}

function casesOf(endpoint: AnyEndpoint, plain: fc.Arbitrary<string>): fc.Arbitrary<EndpointCase> {
	const parameters = [...endpoint.path.matchAll(/:\w+/g)].map(([name]) => name);
	const query = shapeSchema.safeParse(schemaOf(endpoint.query)).data?.properties ?? {};
	const asked = Object.entries(query).map(([name, schema]) =>
		fc.option(
			fc.oneof(plain, likely(schema).map(unquoted)).map((value) => `${name}=${escaped(value)}`),
		),
	);
	const takesBody = endpoint.method !== 'GET';
	return fc
		.record({
			role: fc.constantFrom(null, ...roles),
			values: fc.tuple(...parameters.map(() => plain)),
			query: fc.tuple(...asked),
			body: takesBody ? likely(schemaOf(endpoint.body)) : fc.constant(null),
		})
		.map(({ role, values, query: given, body }) => {
			let path: string = endpoint.path;
			for (const [place, name] of parameters.entries())
				path = path.replace(name, () => escaped(values[place] ?? ''));
			const search = given.filter((one) => one !== null).join('&');
			return { endpoint, role, path: search === '' ? path : `${path}?${search}`, body };
		});
}

function unquoted(text: string): string {
	return text.replace(/^"|"$/g, '');
}

function escaped(text: string): string {
	return encodeURIComponent(text.toWellFormed()).slice(0, 3_000).replace(/%.?$/, '');
}
