import fc from 'fast-check';
import {
	fieldNames,
	maxReadingsPerMessage,
	type ReadingField,
	readingFields,
} from '#contract/device-reading.ts';
import { damaged } from './damage.ts';
import { jsonText, objectText } from './json.ts';
import { awkwardText, awkwardTime } from './texts.ts';

const sequence = fc.oneof(
	fc.nat(50),
	fc.constantFrom(2 ** 31, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -1, 0.5),
);

function possibleText(field: ReadingField): fc.Arbitrary<string> {
	switch (field.type) {
		case 'number':
			return fc
				.double({ min: field.min, max: field.max, noNaN: true })
				.map((value) => JSON.stringify(value));
		case 'boolean':
			return fc.constantFrom('true', 'false', '0', '1');
		case 'text':
			return fc.string({ maxLength: field.maxLength }).map((text) => JSON.stringify(text));
	}
}

/** An entry of a reading: a name the protocol knows with a value that it may have, or anything else. */
const entry = fc.oneof(
	...fieldNames.map((name) => possibleText(readingFields[name]).map((text) => [name, text])),
	fc.tuple(fc.constantFrom(...fieldNames, 'boot', 'seq', 'at'), jsonText),
	fc.tuple(awkwardText, jsonText),
	sequence.map((seq) => ['seq', JSON.stringify(seq)]),
	fc.tuple(
		fc.constant('boot'),
		awkwardText.map((text) => JSON.stringify(text)),
	),
	fc.tuple(
		fc.constant('at'),
		awkwardTime.map((text) => JSON.stringify(text)),
	),
);

/** A reading as text, some keys twice. */
export const readingText: fc.Arbitrary<string> = fc
	.array(entry, { maxLength: 10 })
	.map(
		(entries) =>
			`{${entries.map(([name = '', text = '']) => `${JSON.stringify(name)}:${text}`).join(',')}}`,
	);

const manyReadings = fc
	.record({
		count: fc.constantFrom(
			1_000,
			maxReadingsPerMessage,
			maxReadingsPerMessage + 1,
			10 * maxReadingsPerMessage,
		),
		reading: fc.constantFrom('{}', '0', '{"seq":1,"boot":"m","soc_pct":1}', '[]'),
	})
	.map(({ count, reading }) => `[${new Array(count).fill(reading).join(',')}]`);

const sentText = fc.oneof(
	{ arbitrary: readingText, weight: 10 },
	{ arbitrary: fc.array(readingText, { maxLength: 8 }).map((all) => `[${all.join()}]`), weight: 4 },
	{ arbitrary: jsonText, weight: 3 },
	{ arbitrary: fc.tuple(readingText, jsonText).map(([one, other]) => one + other), weight: 1 },
	{
		arbitrary: fc.constantFrom('', ' ', '\n', '\0', '{', '[', '"', '\uFEFF{"soc_pct":1}'),
		weight: 1,
	},
	{ arbitrary: manyReadings, weight: 1 },
);

/** Bodies of telemetry: possible, wrong in what they say, in how they are written, and no JSON at all. */
export const telemetryBody: fc.Arbitrary<Buffer> = fc.oneof(
	{ arbitrary: sentText.map((text) => Buffer.from(text)), weight: 10 },
	{ arbitrary: damaged(sentText.map((text) => Buffer.from(text))), weight: 3 },
	{ arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
);

/** Answers to commands, right and wrong. */
export const resultBody: fc.Arbitrary<Buffer> = fc
	.oneof(
		fc.constantFrom('{"status":"DONE"}', '{"status":"FAILED","reason":"\\u0000"}', ''),
		objectText(fc.constantFrom('status', 'reason', '__proto__'), jsonText, 3),
		jsonText,
	)
	.map((text) => Buffer.from(text));

/** How many readings a body holds; null when it is to be set aside whole. */
export function readingsIn(body: Buffer): number | null {
	let parsed: unknown;
	try {
		parsed = JSON.parse(body.toString('utf8'));
	} catch {
		return null;
	}
	if (!Array.isArray(parsed)) return isObject(parsed) ? 1 : null;
	if (parsed.length === 0 || parsed.length > maxReadingsPerMessage) return null;
	return parsed.every(isObject) ? parsed.length : null;
}

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
