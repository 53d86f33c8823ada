import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSearch, writeSearch } from './search-text.ts';

test('commas stay readable, other characters are escaped', () => {
	expect(writeSearch({ status: 'moving,stopped', q: 'a&b' })).toBe(
		'?status=moving,stopped&q=a%26b',
	);
});

test('nothing set, nothing written', () => {
	expect(writeSearch({})).toBe('');
	expect(writeSearch({ q: '', row: undefined })).toBe('');
});

test('what is written is read back, digits as text', () => {
	const texts = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1 }));
	fc.assert(
		fc.property(texts, (written) => {
			expect(parseSearch(writeSearch(written))).toEqual({ ...written });
		}),
	);
	expect(parseSearch('?q=0012')).toEqual({ q: '0012' });
});
