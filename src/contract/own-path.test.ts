import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

test.each(['/', '/console', '/console?q=a%20b#top', '/devices/EV-1?tab=track'])(
	'%s is its own',
	(path) => {
		expect(ownPath(path)).toBe(path);
	},
);

test.each([
	undefined,
	'',
	'console',
	'https://evil.example',
	'//evil.example',
	'/\\evil.example',
	'/\t/evil.example',
	'/..//evil.example',
	'/.//evil.example',
	'/a/..//evil.example',
	'javascript:alert(1)',
])('%j is not', (text) => {
	expect(ownPath(text)).toBeNull();
});

test('whatever is asked for, a browser stays at the portal', () => {
	const part = fc.constantFrom(
		'/',
		'\\',
		'.',
		'..',
		'\t',
		'\n',
		'@',
		':',
		'%2f',
		'evil.example',
		'?',
		'#',
	);
	fc.assert(
		fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
			const path = ownPath(`/${parts.join('')}`);
			if (path === null) return;
			expect(new URL(path, 'https://fleet.example').origin).toBe('https://fleet.example');
		}),
		{ numRuns: 2_000 },
	);
});
