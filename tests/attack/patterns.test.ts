import { expect, test } from 'vitest';
import { z } from 'zod';
import { endpoints } from '../harness/declared.ts';

/** As long as a body can be, and as an address. */
const longest = { body: 1_000_000, address: 16_000 };
/** Texts on which a pattern that can match in several ways tries them all. */
const repeated = [
	'a',
	'1',
	' ',
	'-',
	'.',
	'a.',
	'a-',
	'1 ',
	'@',
	'a@',
	':',
	'[',
	'/',
	'\\',
	'=',
	'+',
];
const textsOf = (length: number) =>
	repeated.map((piece) => `${piece.repeat(length / piece.length)}!`);
const texts = { body: textsOf(longest.body), address: textsOf(longest.address) };
/** Of the processor's time. Such a pattern takes minutes; the others some milliseconds for each text. */
const mostMs = 3_000;

const shapeSchema = z.object({
	type: z.string().optional(),
	properties: z.record(z.string(), z.unknown()).optional(),
	items: z.unknown().optional(),
	anyOf: z.array(z.unknown()).optional(),
	enum: z.array(z.unknown()).optional(),
	minimum: z.number().optional(),
});

/** A value of a schema's shape, with this text wherever a text can be. */
function filled(schema: unknown, text: string): unknown {
	const shape = shapeSchema.safeParse(schema).data ?? {};
	if (shape.enum !== undefined) return shape.enum[0];
	if (shape.anyOf !== undefined) return filled(shape.anyOf[0], text);
	switch (shape.type) {
		case 'object':
			return Object.fromEntries(
				Object.entries(shape.properties ?? {}).map(([name, value]) => [name, filled(value, text)]),
			);
		case 'array':
			return [filled(shape.items, text)];
		case 'integer':
		case 'number':
			return shape.minimum ?? 1;
		case 'boolean':
			return true;
		default:
			return text;
	}
}

test.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
	'no text keeps the server busy: %s',
	(_, { params, query, body }) => {
		for (const part of [params, query, body]) {
			if (part === undefined) continue;
			const schema = z.toJSONSchema(part, { io: 'input', unrepresentable: 'any' });
			for (const text of part === body ? texts.body : texts.address) {
				const value = filled(schema, text);
				const began = process.cpuUsage();
				part.safeParse(value);
				const { user, system } = process.cpuUsage(began);
				expect((user + system) / 1_000, `${text.slice(0, 4)}…${text.slice(-1)}`).toBeLessThan(
					mostMs,
				);
			}
		}
	},
);
