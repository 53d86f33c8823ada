import fc from 'fast-check';
import { z } from 'zod';
import type { Topic } from '#contract/topic.ts';
import { jsonText, objectText } from './json.ts';
import { awkwardText } from './texts.ts';

/** A frame that a browser, or somebody who is none, sends over the live connection. */
export interface LiveFrame {
	readonly data: Buffer;
	readonly isBinary: boolean;
}

/** @param known values that exist */
export function liveCases(
	topics: readonly Topic[],
	known: readonly (string | number)[],
): fc.Arbitrary<LiveFrame[]> {
	const value = fc.oneof(
		fc.constantFrom(...known).map((one) => JSON.stringify(one)),
		fc.array(fc.constantFrom(...known)).map((all) => JSON.stringify(all)),
		jsonText,
	);
	const names = topics.flatMap(({ params }) =>
		Object.keys(params instanceof z.ZodObject ? params.shape : {}),
	);
	const params = objectText(fc.oneof(fc.constantFrom(...names), awkwardText), value, 3);
	const subscription = fc.oneof(
		fc.integer({ min: 1, max: 60 }).map(String),
		fc.constantFrom('0', '-1', '1.5', '1000001', '1e99', 'null', '"1"'),
	);
	const subscribe = fc
		.tuple(
			subscription,
			fc.oneof(fc.constantFrom(...topics.map(({ name }) => name)), awkwardText),
			fc.oneof({ arbitrary: params, weight: 4 }, jsonText),
		)
		.map(
			([number, topic, given]) =>
				`{"type":"subscribe","subscription":${number},"topic":${JSON.stringify(topic)},"params":${given}}`,
		);
	const unsubscribe = subscription.map(
		(number) => `{"type":"unsubscribe","subscription":${number}}`,
	);
	const text = fc.oneof(
		{ arbitrary: subscribe, weight: 12 },
		{ arbitrary: unsubscribe, weight: 3 },
		{ arbitrary: jsonText, weight: 1 },
		{ arbitrary: fc.constantFrom('', 'x'.repeat(70_000), '\0'), weight: 1 },
	);
	const frame = fc
		.tuple(text, fc.nat(9))
		.map(([sent, luck]) => ({ data: Buffer.from(sent), isBinary: luck === 0 }));
	return fc.array(frame, { maxLength: 12 });
}
