import { expect, test } from 'vitest';
import { letsInAsBefore } from './rules.ts';

const before = {
	issuer: 'https://works.example.com',
	clientId: 'portal',
	domains: ['works.example.com', 'plant.example.com'],
	isEnabled: true,
};

test.each([
	['nothing changed', {}],
	['another domain is let in', { domains: [...before.domains, 'shop.example.com'] }],
	['every domain is let in', { domains: [] }],
	['the domains stand in another order', { domains: before.domains.toReversed() }],
])('a provider lets in as before when %s', (_, change) => {
	expect(letsInAsBefore(before, { ...before, ...change })).toBe(true);
});

test.each([
	['is switched off', { isEnabled: false }],
	['is another issuer', { issuer: 'https://else.example.com' }],
	['knows the portal as another client', { clientId: 'portal-2' }],
	['loses a domain', { domains: ['works.example.com'] }],
])('a provider does not let in as before when it %s', (_, change) => {
	expect(letsInAsBefore(before, { ...before, ...change })).toBe(false);
});

test('where every domain was let in, a choice of them is less', () => {
	expect(letsInAsBefore({ ...before, domains: [] }, before)).toBe(false);
});
