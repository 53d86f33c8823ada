import { once } from 'node:events';
import fc from 'fast-check';
import { from } from 'pg-copy-streams';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/harness/database.ts';
import { CopyBinaryWriter } from './copy-binary.ts';

let db: TestDatabase;
beforeAll(async () => {
	db = await createTestDatabase();
});
afterAll(() => db.drop());

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const text = fc
	.string({ unit: 'grapheme', maxLength: 2_000 })
	.filter((value) => value.isWellFormed() && !value.includes('\0'));
const row = fc.record({
	place: fc.nat(),
	small: maybe(fc.integer({ min: -32_768, max: 32_767 })),
	whole: maybe(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
	big: maybe(fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })),
	yes: maybe(fc.boolean()),
	float: maybe(fc.float({ noNaN: true, noDefaultInfinity: true })),
	double: maybe(fc.double({ noNaN: true, noDefaultInfinity: true })),
	at: maybe(
		fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
	),
	text: maybe(text),
	json: maybe(fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()))),
});

test('PostgreSQL reads back what was written, whatever the values', async () => {
	const client = await db.pool.connect();
	await client.query(`create temporary table copied (place integer, small smallint, whole integer, big bigint,
		yes boolean, float real, double double precision, at timestamptz, text text, json jsonb)`);
	const writer = new CopyBinaryWriter();
	const either = <T>(value: T | null, write: (value: T) => void) =>
		value === null ? writer.null() : write(value);
	try {
		await fc.assert(
			fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (generated) => {
				const rows = generated.map((one, place) => ({ ...one, place }));
				writer.reset();
				for (const one of rows) {
					writer.row(10);
					writer.integer(one.place);
					either(one.small, (value) => writer.smallint(value));
					either(one.whole, (value) => writer.integer(value));
					either(one.big, (value) => writer.bigint(value));
					either(one.yes, (value) => writer.boolean(value));
					either(one.float, (value) => writer.real(value));
					either(one.double, (value) => writer.double(value));
					either(one.at, (value) => writer.timestamptz(value.getTime()));
					either(one.text, (value) => writer.text(value));
					either(one.json, (value) => writer.jsonb(JSON.stringify(value)));
				}
				expect(writer.rows).toBe(rows.length);
				const stream = client.query(from('copy copied from stdin (format binary)'));
				const finished = once(stream, 'finish');
				stream.end(writer.finish());
				await finished;
				const stored = await client.query('select * from copied order by place');
				await client.query('truncate copied');
				// PostgreSQL prints the shortest digits that mean the same 32-bit number.
				const rounded = stored.rows.map((one) => ({
					...one,
					float: one.float === null ? null : Math.fround(one.float),
				}));
				expect(rounded).toEqual(rows);
			}),
			{ numRuns: 60 },
		);
	} finally {
		client.release();
	}
});
