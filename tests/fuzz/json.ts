import fc from 'fast-check';
import { awkwardText, awkwardTime } from './texts.ts';

/** What JSON writes as numbers, and what only looks like it. */
const numberText = fc.oneof(
	fc.constantFrom(
		'0',
		'-0',
		'1e999',
		'-1e999',
		'1e308',
		'5e-324',
		'9007199254740991',
		'9007199254740992',
		'9007199254740993',
		'-9007199254740993',
		'2147483648',
		'1'.repeat(400),
		`0.${'9'.repeat(400)}`,
		'01',
		'-',
		'.5',
		'NaN',
		'Infinity',
		'0x10',
	),
	fc.integer().map(String),
	fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
);

/** Brackets within brackets: from harmless to beyond what a recursive reader survives. */
export const deepText: fc.Arbitrary<string> = fc
	.record({
		depth: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(2_000, 8_000, 60_000)),
		isObject: fc.boolean(),
		isClosed: fc.boolean().map((open) => !open),
	})
	.map(({ depth, isObject, isClosed }) => {
		const [opening, closing] = isObject ? ['{"a":', '}'] : ['[', ']'];
		return `${opening.repeat(depth)}0${isClosed ? closing.repeat(depth) : ''}`;
	});

const scalarText = fc.oneof(
	numberText,
	fc.oneof(awkwardText, awkwardTime).map((text) => JSON.stringify(text)),
	fc.constantFrom('true', 'false', 'null', '"\\ud800"', '"\\u0000"', '"\t"', "'a'"),
);

/** An object as text, so that a key can come twice and a value be what no value in memory is. */
export function objectText(
	key: fc.Arbitrary<string>,
	value: fc.Arbitrary<string>,
	maxLength: number,
): fc.Arbitrary<string> {
	return fc
		.array(fc.tuple(key, value), { maxLength })
		.map(
			(entries) =>
				`{${entries.map(([name, written]) => `${JSON.stringify(name)}:${written}`).join(',')}}`,
		);
}

const { value } = fc.letrec<{ value: string }>((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		scalarText,
		fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join(',')}]`),
		objectText(awkwardText, tie('value'), 4),
	),
}));

/** Any value of JSON, and a few that are none, as text. */
export const jsonText: fc.Arbitrary<string> = fc.oneof(
	{ arbitrary: value, weight: 12 },
	{ arbitrary: deepText, weight: 1 },
);
