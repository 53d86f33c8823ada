import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '#contract/faults.ts';
import { passwordSchema } from '#contract/password.ts';
import { checkPassword, problemOf } from './password-rules.ts';

const context = { email: 'Asha.Rao@example.com', organizationName: 'Harbour & Mountain Fleets' };
const problem = (password: string) => problemOf(password, context);

test.each([
	'correct horse battery staple',
	'ein Satz mit Ümläuten',
	'            spaces            count',
	'👩‍🔧 fixes the boat on Friday',
	'asha rao likes red bicycles',
	'the Harbour & Mountain Fleets sail at noon',
	'Tr0ub4dor&3 and nothing else',
])('takes %j', (password) => {
	expect(problem(password)).toBeNull();
});

test.each([
	['too short', 'short', /at least 12/],
	['twelve signs that are six once normalised', 'e\u0301'.repeat(6), /at least 12/],
	['too long', 'a sentence '.repeat(12), /at most 128/],
	['on the list', '1qaz2wsx3edc', /lists of common/],
	['on the list in capitals', '1QAZ2WSX3EDC', /lists of common/],
	['on the list in full-width letters', '１ｑａｚ２ｗｓｘ３ｅｄｃ', /lists of common/],
	['a common one with digits behind', 'Password123456!', /lists of common/],
	['a common one twice', 'sunshinesunshine', /lists of common/],
	['one sign over and over', 'aaaaaaaaaaaaaaaa', /repeats itself/],
	['a few signs over and over', 'abcabcabcabcabc', /repeats itself/],
	['the e-mail', 'asha.rao@example.com', /your e-mail/],
	['the e-mail’s name with a year', 'Asha-Rao-2026', /your e-mail/],
	['the e-mail’s name twice', 'asharao asharao', /your e-mail/],
	['the organization', 'Harbour and Mountain Fleets', null],
	['the organization as it is written', 'harbour mountain fleets', /organization’s name/],
	['the organization with a year', 'HarbourMountainFleets2026', /organization’s name/],
])('%s', (_, password, message) => {
	if (message === null) expect(problem(password)).toBeNull();
	else expect(problem(password)).toMatch(message);
});

test('says at which field and why', () => {
	expect(() => checkPassword('123456', context, 'body.newPassword')).toThrow(Fault);
	try {
		checkPassword('sunshinesunshine', context, 'body.newPassword');
	} catch (error) {
		expect(error).toMatchObject({
			code: 'invalid_input',
			fields: [
				{
					path: 'body.newPassword',
					message: expect.stringContaining('a sentence of several words'),
				},
			],
		});
	}
});

test('how a password is composed makes no difference to random ones', () => {
	fc.assert(
		fc.property(
			fc.string({
				unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
				minLength: 20,
				maxLength: 64,
			}),
			(password) => {
				fc.pre(new Set(password).size > 6);
				expect(problem(password)).toBeNull();
				expect(problem(password.toUpperCase())).toBeNull();
			},
		),
	);
});

test('one password, however it was typed', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', minLength: 12, maxLength: 16 }), (password) => {
			const forms = (['NFC', 'NFD', 'NFKC', 'NFKD'] as const).map((form) =>
				password.normalize(form),
			);
			// Only the bounds look at what was sent.
			fc.pre(forms.every((form) => passwordSchema.safeParse(form).success));
			expect(new Set(forms.map(problem)).size).toBe(1);
		}),
	);
});
