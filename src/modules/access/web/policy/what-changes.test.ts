import { expect, test } from 'vitest';
import { whatPolicyChanges } from './what-changes.ts';

const open = { requiresSecondFactor: false, allowsPassword: true };
const own = { isByPassword: true, hasSecondFactor: false, isSuperAdmin: false };
const what = (parts: Partial<Parameters<typeof whatPolicyChanges>[0]>) =>
	whatPolicyChanges({ before: open, after: open, own, provider: 'Works', ...parts });

test('an Admin without a second factor is told first that they need one', () => {
	const after = { ...open, requiresSecondFactor: true };
	expect(what({ after })).toContain('You have none yet');
	expect(what({ after, own: { ...own, hasSecondFactor: true } })).not.toContain('You have none');
	expect(what({ after, own: { ...own, isByPassword: false } })).not.toContain('You have none');
});

test('an Admin who came by password is told first that they are signed out', () => {
	const after = { ...open, allowsPassword: false };
	expect(what({ after })).toMatch(/sign in with Works alone.*You are signed in with a password/);
	expect(what({ after, own: { ...own, isSuperAdmin: true } })).not.toContain('You are signed in');
	expect(what({ after, own: { ...own, isByPassword: false } })).not.toContain('You are signed in');
});

test('what is loosened is said, and that nothing is', () => {
	const strict = { requiresSecondFactor: true, allowsPassword: false };
	expect(what({ before: strict })).toMatch(/own choice again.*passwords again/);
	expect(what({})).toBe('Nothing will change.');
});
