import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SignInPolicy } from '../../contract.ts';
import { passwordNeededFor, type SessionFacts, takesPassword, worthOf } from './rules.ts';

const policy: fc.Arbitrary<SignInPolicy> = fc.record({
	requiresSecondFactor: fc.boolean(),
	allowsPassword: fc.boolean(),
});
const session: fc.Arbitrary<SessionFacts> = fc.record({
	isByProvider: fc.boolean(),
	isSuperAdmin: fc.boolean(),
	hasSecondFactor: fc.boolean(),
});
const byPassword = { isByProvider: false, isSuperAdmin: false, hasSecondFactor: false };
const open: SignInPolicy = { requiresSecondFactor: false, allowsPassword: true };
const ranks = ['nothing', 'second_factor', 'everything'];
const rankOf = (under: SignInPolicy, of: SessionFacts) => ranks.indexOf(worthOf(under, of));

test.each<[string, Partial<SignInPolicy>, Partial<SessionFacts>, string]>([
	['a password opens everything', {}, {}, 'everything'],
	['a required factor that is missing', { requiresSecondFactor: true }, {}, 'second_factor'],
	[
		'a required factor that is there',
		{ requiresSecondFactor: true },
		{ hasSecondFactor: true },
		'everything',
	],
	[
		'a Super Admin has to have one, too',
		{ requiresSecondFactor: true },
		{ isSuperAdmin: true },
		'second_factor',
	],
	[
		'what the provider vouched for',
		{ requiresSecondFactor: true, allowsPassword: false },
		{ isByProvider: true },
		'everything',
	],
	[
		'a password where none is taken',
		{ allowsPassword: false },
		{ hasSecondFactor: true },
		'nothing',
	],
	['a Super Admin’s', { allowsPassword: false }, { isSuperAdmin: true }, 'everything'],
])('%s', (_, under, of, worth) => {
	expect(worthOf({ ...open, ...under }, { ...byPassword, ...of })).toBe(worth);
});

test('no stricter policy opens more, and no second factor less', () => {
	fc.assert(
		fc.property(policy, session, (under, of) => {
			const rank = rankOf(under, of);
			expect(rankOf({ ...under, requiresSecondFactor: true }, of)).toBeLessThanOrEqual(rank);
			expect(rankOf({ ...under, allowsPassword: false }, of)).toBeLessThanOrEqual(rank);
			expect(rankOf(under, { ...of, hasSecondFactor: true })).toBeGreaterThanOrEqual(rank);
		}),
	);
});

test('nobody is locked out of everything: the provider lets members in, a password Super Admins', () => {
	fc.assert(
		fc.property(policy, session, (under, of) => {
			expect(worthOf(under, { ...of, isByProvider: true })).toBe('everything');
			expect(worthOf(under, { ...of, isSuperAdmin: true })).not.toBe('nothing');
			expect(worthOf(under, { ...of, isByProvider: false }) === 'nothing').toBe(
				!takesPassword(under, of),
			);
		}),
	);
});

test('passwords are given up only for a provider that is on, answers and has let somebody in', () => {
	const provider = { label: 'Works', isEnabled: true, problem: null, hasLetAdminIn: true };
	expect(passwordNeededFor(provider)).toBeNull();
	expect(passwordNeededFor({ ...provider, isEnabled: false })).toMatch(
		/^sign-in with Works is off/,
	);
	expect(passwordNeededFor({ ...provider, problem: 'it does not answer' })).toMatch(
		/^Works cannot be used, since it does not answer/,
	);
	expect(passwordNeededFor({ ...provider, hasLetAdminIn: false })).toMatch(
		/^no Admin has signed in with/,
	);
	fc.assert(
		fc.property(
			fc.record({
				label: fc.constant('Works'),
				isEnabled: fc.boolean(),
				problem: fc.option(fc.string({ minLength: 1 }), { nil: null }),
				hasLetAdminIn: fc.boolean(),
			}),
			(facts) => {
				const isWorking = facts.isEnabled && facts.problem === null && facts.hasLetAdminIn;
				expect(passwordNeededFor(facts) === null).toBe(isWorking);
			},
		),
	);
});
