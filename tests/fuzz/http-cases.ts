import fc from 'fast-check';
import { cuts, damaged, inPieces } from './damage.ts';
import { jsonText } from './json.ts';
import { awkwardText } from './texts.ts';

/** What one TCP connection to a port of HTTP sends. */
export interface HttpCase {
	readonly pieces: readonly Buffer[];
	/** Whether it is a whole request that has to be answered. */
	readonly isWhole: boolean;
}

const methods = fc.oneof(
	{
		arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
		weight: 10,
	},
	{
		arbitrary: fc.constantFrom('TRACE', 'CONNECT', 'PROPFIND', 'get', 'QUERY', '', 'G\0T', 'PRI'),
		weight: 2,
	},
);

const segment = fc.oneof(
	fc.constantFrom(
		'%2e%2e',
		'..',
		'.',
		'',
		'%00',
		'%2f',
		'%5c',
		'%',
		'%zz',
		'%c0%af',
		'%e2%80',
		'index.html',
		'*',
		':deviceId',
		'__proto__',
		'x'.repeat(500),
	),
	awkwardText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 2_000)),
);

const header = fc.oneof(
	fc.constantFrom(
		'Expect: 100-continue',
		'Expect: the unexpected',
		'Transfer-Encoding: chunked',
		'Transfer-Encoding: gzip, chunked',
		'Content-Length: 5',
		'Content-Length: -1',
		'Content-Length: 99999999999999999999',
		'Content-Type: application/json',
		'Content-Type: application/json; charset=utf-16',
		'Content-Type: multipart/form-data',
		'Content-Type: text/plain',
		'Content-Type: \0',
		'Content-Encoding: gzip',
		'Upgrade: websocket\r\nConnection: Upgrade',
		'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13',
		'Upgrade: h2c',
		'Connection: close',
		'Host: evil.example',
		'Host: a b',
		'Host: ',
		'X-Forwarded-Host: ',
		'X-Forwarded-Proto: javascript',
		'X-Forwarded-For: , , ,',
		'Range: bytes=0-0,-1,5-2',
		'If-None-Match: *',
		'If-Modified-Since: never',
		'Accept-Encoding: gzip;q=nan',
		'Origin: null',
		'Cookie: portal.session_token=%',
		'Cookie: =;;=',
		'Authorization: Bearer ',
		'Authorization: Basic Og==',
		': nothing',
		'A: b\r\n c',
		`X-Long: ${'x'.repeat(17_000)}`,
		Array.from({ length: 300 }, (_, place) => `X-${place}: 1`).join('\r\n'),
	),
	fc
		.tuple(fc.stringMatching(/^[A-Za-z-]{1,12}$/), awkwardText)
		.map(([name, value]) => `${name}: ${value}`),
);

const body = fc.oneof(
	fc.constant(''),
	jsonText,
	jsonText.map((text) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`),
	fc.constantFrom(
		'zz\r\nabc',
		'ffffffffffffffff\r\n',
		'5;a=\0\r\nhello\r\n0\r\nX: y\r\n\r\n',
		'a=1&b=%',
	),
);

/**
 * Requests byte by byte: odd methods and addresses, headers that contradict each other, bodies that are not what they
 * say, several at once, damaged and half of one.
 * @param paths where something is served @param headers such as let a request in
 */
export function httpCases(
	paths: readonly string[],
	headers: readonly string[],
): fc.Arbitrary<HttpCase> {
	const path = fc.oneof(
		{ arbitrary: fc.constantFrom(...paths), weight: 5 },
		{
			arbitrary: fc
				.tuple(fc.constantFrom(...paths), fc.array(segment, { minLength: 1, maxLength: 4 }))
				.map(([start, segments]) => `${start}/${segments.join('/')}`),
			weight: 3,
		},
		{
			arbitrary: fc
				.tuple(fc.constantFrom(...paths), fc.array(fc.tuple(segment, segment), { maxLength: 6 }))
				.map(([start, all]) => `${start}?${all.map((one) => one.join('=')).join('&')}`),
			weight: 3,
		},
		{
			arbitrary: fc.constantFrom(
				'*',
				'',
				'http://[',
				'http://evil.example/',
				'//',
				`/${'a'.repeat(20_000)}`,
			),
			weight: 1,
		},
	);
	const address = fc.nat(0xffffff).map(addressHeader);
	const version = fc.oneof(
		{ arbitrary: fc.constant('HTTP/1.1'), weight: 12 },
		{ arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', ''), weight: 1 },
	);
	const request = fc
		.tuple(
			methods,
			path,
			version,
			address,
			fc.array(fc.oneof(fc.constantFrom(...headers), header), { maxLength: 5 }),
			body,
		)
		.map(([method, target, spoken, from, given, text]) =>
			Buffer.from(
				[`${method} ${target} ${spoken}`, 'Host: localhost', from, ...given, '', text].join('\r\n'),
			),
		);
	const whole = fc
		.tuple(
			fc.constantFrom('GET', 'POST', 'PUT'),
			fc.constantFrom(...paths),
			address,
			fc.subarray([...headers]),
			fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', 'a'),
			jsonText,
		)
		.map(([method, target, from, given, type, text]) =>
			Buffer.from(
				[
					`${method} ${target} HTTP/1.1`,
					'Host: localhost',
					'Connection: close',
					from,
					`Content-Type: ${type}`,
					`Content-Length: ${Buffer.byteLength(text)}`,
					...given,
					'',
					text,
				].join('\r\n'),
			),
		);
	const bytes = fc.oneof(
		{ arbitrary: whole.map((sent) => ({ sent, isWhole: true })), weight: 4 },
		{ arbitrary: request.map((sent) => ({ sent, isWhole: false })), weight: 6 },
		{ arbitrary: damaged(request).map((sent) => ({ sent, isWhole: false })), weight: 3 },
		{
			arbitrary: fc
				.array(request, { minLength: 2, maxLength: 5 })
				.map((all) => ({ sent: Buffer.concat(all), isWhole: false })),
			weight: 2,
		},
		{
			arbitrary: fc
				.uint8Array({ maxLength: 300 })
				.map((random) => ({ sent: Buffer.from(random), isWhole: false })),
			weight: 1,
		},
	);
	return fc
		.tuple(bytes, cuts)
		.map(([{ sent, isWhole }, at]) => ({ pieces: inPieces(sent, at), isWhole }));
}

/** From an address of its own, so that limits by address do not answer for everything behind them. */
export function addressHeader(number: number): string {
	return `X-Forwarded-For: 10.${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`;
}

/** Statuses of the answers among what came back. */
export function statusesOf(received: Buffer): number[] {
	return [...received.toString('latin1').matchAll(/^HTTP\/1\.[01] (\d{3})\b/gm)].map(([, status]) =>
		Number(status),
	);
}
