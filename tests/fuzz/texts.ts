import fc from 'fast-check';

/** Texts that parsers, databases, logs and pages have stumbled over. */
export const awkwardText: fc.Arbitrary<string> = fc.oneof(
	fc.constantFrom(
		'',
		' ',
		'\0',
		'a\0b',
		'\ud800',
		'\udc00\ud800',
		'\uFEFF',
		'\u202E',
		'\r\n',
		'%',
		'%00',
		'%ff',
		'..',
		'../../etc/passwd',
		'%2e%2e%2f',
		"' or 1=1 --",
		'"; drop table readings; --',
		'\\',
		'$1',
		'{}',
		'[object Object]',
		'__proto__',
		'constructor',
		'prototype',
		'toString',
		'hasOwnProperty',
		'null',
		'undefined',
		'NaN',
		'Infinity',
		'-1',
		'0',
		'1e999',
		'0x10',
		'9007199254740993',
		'2147483648',
		'99999999999999999999',
		'true',
		'<script>alert(1)</script>',
		'x'.repeat(65),
		'x'.repeat(257),
	),
	fc.string({ unit: 'binary', maxLength: 24 }),
	fc.string({ unit: 'grapheme', maxLength: 24 }),
	fc.integer({ min: 1_000, max: 20_000 }).map((length) => 'y'.repeat(length)),
);

/** Times that are none, or far from now. */
export const awkwardTime: fc.Arbitrary<string> = fc.oneof(
	fc.constantFrom(
		'9999-12-31T23:59:59Z',
		'1970-01-01T00:00:00Z',
		'0000-00-00T00:00:00Z',
		'2016-12-31T23:59:60Z',
		'2026-02-30T00:00:00Z',
		'2026-11-20T25:61:61Z',
		'2026-11-20T00:00:00+99:99',
		'+275760-09-13T00:00:00Z',
		'+275760-09-14T00:00:00Z',
		'1763700000',
		'now',
	),
	fc
		.integer({ min: -500 * 86_400_000, max: 3_600_000 })
		.map((fromNowMs) => new Date(startedAtMs + fromNowMs).toISOString()),
);

const startedAtMs = Date.now();
