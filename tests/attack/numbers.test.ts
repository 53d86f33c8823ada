import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type AnyEndpoint, isAdmitted } from '#contract/endpoint.ts';
import { endpoints } from '../harness/declared.ts';
import { realms } from '../walk/realms.ts';
import { isRefusedAnyway, type Way, waysOf } from '../walk/recipes.ts';
import { type Asked, type Reader, type Things, World } from '../walk/world.ts';

/** What is no number of anything: beyond the ranges of the database, between two, below the first, or none at all. */
const wrongNumbers: readonly (number | string)[] = [
	-1,
	0,
	1.5,
	2 ** 31,
	99_999_999_999,
	2 ** 63,
	1e300,
	Number.NaN,
	'1e400',
	'-0',
	'one',
];

let world: World;
beforeAll(async () => {
	world = await World.start();
}, 300_000);
afterAll(() => world.close());

test.each(endpoints.map((endpoint) => ({ endpoint, name: `${endpoint.method} ${endpoint.path}` })))(
	'$name',
	async ({ endpoint }) => {
		const reader = admittedTo(endpoint);
		const requests = waysOf(endpoint).flatMap((way) => askedWrongly(way, reader));
		expect(requests.some(({ isInPath }) => isInPath)).toBe(/:\w+No\b/.test(endpoint.path));
		const faults: string[] = [];
		for (const asked of requests) {
			const { status } = await world.ask(reader, asked);
			const isFine = asked.isInPath ? status === 404 : status < 500;
			if (!isFine) faults.push(`${asked.path} ${asked.body?.text ?? ''}: ${status}`);
		}
		expect(faults).toEqual([]);
	},
);

/** Who may ask, and is answered as far as there is something to answer. */
function admittedTo(endpoint: AnyEndpoint): Reader {
	const reader = world.readers.find(
		(each) =>
			each.isMember &&
			isAdmitted(endpoint.admits, each.role) &&
			(each.token === undefined || endpoint.tokens !== undefined) &&
			!isRefusedAnyway(endpoint, each),
	);
	if (reader === undefined) throw new Error(`Nobody may ask ${endpoint.path}.`);
	return reader;
}

/** A request as it should be but for one number. */
interface WrongAsked extends Asked {
	readonly isInPath: boolean;
}

function askedWrongly(way: Way, reader: Reader): WrongAsked[] {
	const things = world.thingsFor(reader, realms.own);
	const right = way.asked(things, things);
	if (right === null) return [];
	return wrongNumbers.flatMap((wrong) => [
		...numbersOf(things).flatMap((kind) => {
			const asked = way.asked({ ...things, [kind]: wrong }, things);
			if (asked === null || JSON.stringify(asked) === JSON.stringify(right)) return [];
			return [{ ...asked, isInPath: pathOf(asked) !== pathOf(right) }];
		}),
		...numericFieldsOf(way.endpoint).map((field) => {
			const url = new URL(right.path, 'http://localhost');
			url.searchParams.set(field, String(wrong));
			return { ...right, path: `${url.pathname}${url.search}`, isInPath: false };
		}),
	]);
}

function pathOf({ path }: Asked): string {
	return path.replace(/\?.*/, '');
}

/** The kinds of things that have numbers. */
function numbersOf(things: Things): string[] {
	return Object.entries(things).flatMap(([kind, value]) =>
		typeof value === 'number' ? [kind] : [],
	);
}

const fieldsSchema = z.object({
	properties: z.record(z.string(), z.object({ type: z.string().optional() })),
});

/** Fields of an endpoint's query that are numbers. */
function numericFieldsOf({ query }: AnyEndpoint): string[] {
	if (query === undefined) return [];
	const json = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' });
	return Object.entries(fieldsSchema.safeParse(json).data?.properties ?? {}).flatMap(
		([field, { type }]) => (type === 'integer' || type === 'number' ? [field] : []),
	);
}
