import { expect, test } from 'vitest';
import { pageAfterSignIn, signInLink } from './links.ts';

test('sign-in remembers the page that was asked for', () => {
	expect(signInLink('/console?status=moving,stopped&row=A-1')).toBe(
		'/sign-in?next=%2Fconsole%3Fstatus%3Dmoving,stopped%26row%3DA-1',
	);
	expect(signInLink('/')).toBe('/sign-in');
});

test.each([
	[undefined, '/'],
	['', '/'],
	['/console?q=a%20b#x', '/console?q=a%20b#x'],
	['//elsewhere.example/console', '/'],
	['/\\elsewhere.example', '/'],
	['https://elsewhere.example/', '/'],
	['javascript:alert(1)', '/'],
	['/sign-in?next=/console', '/'],
])('after sign-in, %j leads to %s', (next, page) => {
	expect(pageAfterSignIn(next)).toBe(page);
});
