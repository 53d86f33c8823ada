import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Role, roles } from '#contract/roles.ts';
import { isInScope, type Scope } from '#contract/scope.ts';
import {
	controlOffer,
	issuerOf,
	mayIssueFor,
	narrowed,
	powerOf,
	seesAllTokens,
	type TokenPerson,
} from './rules.ts';

const number = fc.integer({ min: 1, max: 4 });
const numbers = fc.option(fc.uniqueArray(number, { maxLength: 4 }), { nil: null });
const scope: fc.Arbitrary<Scope> = fc.record({
	organizationNo: fc.constant(1),
	dealerNo: fc.option(number, { nil: null }),
	customerNos: numbers,
	deviceNos: numbers,
});
const device = fc.record({
	deviceNo: number,
	belonging: fc.record({
		organizationNo: fc.constant(1),
		dealerNo: fc.option(number, { nil: null }),
		customerNo: fc.option(number, { nil: null }),
	}),
});
const role = fc.constantFrom(...roles);
const person: fc.Arbitrary<TokenPerson> = fc
	.record({
		userId: fc.constantFrom('u1', 'u2', 'u3'),
		role,
		dealerNo: number,
		customerNos: numbers,
	})
	.map(({ userId, role, dealerNo, customerNos }) =>
		someone(userId, role, { dealerNo, customerNos }),
	);
const token = fc.record({ mayControl: fc.boolean(), within: scope, deviceNos: numbers });

/** A member as the database allows one: dealers have a dealer, B2B users and customers chosen customers. */
function someone(
	userId: string,
	role: Role,
	{ dealerNo, customerNos }: Partial<Pick<Scope, 'dealerNo' | 'customerNos'>> = {},
): TokenPerson {
	const isNarrow = role === 'b2b' || role === 'customer';
	return {
		userId,
		role,
		scope: {
			organizationNo: 1,
			dealerNo: role === 'dealer' ? (dealerNo ?? 1) : null,
			customerNos: customerNos ?? (isNarrow ? [1] : null),
			deviceNos: null,
		},
	};
}

test('what is in both scopes is in the narrowed one, and nothing else', () => {
	fc.assert(
		fc.property(scope, scope, device, (one, other, { deviceNo, belonging }) => {
			const inBoth = isInScope(one, deviceNo, belonging) && isInScope(other, deviceNo, belonging);
			expect(isInScope(narrowed(one, other), deviceNo, belonging)).toBe(inBoth);
		}),
		{ numRuns: 2_000 },
	);
});

describe('a token', () => {
	test('sees nothing that its owner, its issuer then, or its list of devices leave out', () => {
		fc.assert(
			fc.property(
				token,
				person,
				person,
				device,
				(issued, owner, issuer, { deviceNo, belonging }) => {
					const { scope: seen } = powerOf(issued, owner, issuer);
					if (!isInScope(seen, deviceNo, belonging)) return;
					expect(isInScope(owner.scope, deviceNo, belonging)).toBe(true);
					expect(isInScope(issued.within, deviceNo, belonging)).toBe(true);
					expect(issued.deviceNos === null || issued.deviceNos.includes(deviceNo)).toBe(true);
				},
			),
			{ numRuns: 2_000 },
		);
	});

	test('controls by its owner, or by an issuer who may and sees the device', () => {
		fc.assert(
			fc.property(
				token,
				person,
				fc.option(person, { nil: null }),
				device,
				(issued, owner, issuer, { deviceNo, belonging }) => {
					const { mayControl, lentBy, scope: seen } = powerOf(issued, owner, issuer);
					if (!mayControl) {
						expect(lentBy).toBeNull();
						return;
					}
					expect(issued.mayControl).toBe(true);
					if (lentBy === null) {
						expect(['super_admin', 'admin', 'dealer']).toContain(owner.role);
						return;
					}
					expect(owner.role).toBe('customer');
					expect(issued.deviceNos).not.toBeNull();
					expect(lentBy).toBe(issuer?.role);
					if (issuer !== null && isInScope(seen, deviceNo, belonging))
						expect(isInScope(issuer.scope, deviceNo, belonging)).toBe(true);
				},
			),
			{ numRuns: 2_000 },
		);
	});

	test('lent to a customer reads on when its issuer may control no more', () => {
		const within = someone('u1', 'dealer').scope;
		const issued = { mayControl: true, within, deviceNos: [1, 2] };
		const owner = someone('u2', 'customer');
		const lent = powerOf(issued, owner, someone('u1', 'dealer'));
		expect(lent).toMatchObject({ mayControl: true, lentBy: 'dealer' });
		for (const issuer of [null, someone('u1', 'operation'), someone('u1', 'customer')])
			expect(powerOf(issued, owner, issuer)).toMatchObject({
				mayControl: false,
				lentBy: null,
				scope: { dealerNo: 1, customerNos: [1], deviceNos: [1, 2] },
			});
	});

	test('of an owner who was demoted to Customer controls nothing', () => {
		const admin = someone('u1', 'admin');
		const issued = { mayControl: true, within: admin.scope, deviceNos: null };
		const owner = someone('u2', 'customer');
		expect(powerOf(issued, owner, admin).mayControl).toBe(false);
	});
});

describe('who issues for whom', () => {
	/** Rows: issuer; columns: another member whom the issuer sees, in the order of the roles. */
	const table: Record<Role, readonly string[]> = {
		super_admin: ['any', 'any', 'none', 'no', 'any', 'chosen_devices'],
		admin: ['no', 'any', 'none', 'no', 'any', 'chosen_devices'],
		operation: ['no', 'no', 'no', 'no', 'no', 'no'],
		b2b: ['no', 'no', 'no', 'no', 'no', 'no'],
		dealer: ['no', 'no', 'no', 'no', 'any', 'chosen_devices'],
		customer: ['no', 'no', 'no', 'no', 'no', 'no'],
	};
	test.each(roles.flatMap((issuer) => roles.map((owner) => [issuer, owner] as const)))(
		'%s for another %s',
		(issuerRole, ownerRole) => {
			const issuer = someone('u1', issuerRole);
			const owner = someone('u2', ownerRole);
			const offer = mayIssueFor(issuer, owner, true) ? controlOffer(issuer, owner) : 'no';
			expect(offer).toBe(table[issuerRole][roles.indexOf(ownerRole)]);
		},
	);

	test.each([
		['super_admin', 'any'],
		['admin', 'any'],
		['operation', 'none'],
		['b2b', 'no'],
		['dealer', 'any'],
		['customer', 'none'],
	] as const)('%s for itself: %s', (role, expected) => {
		const self = someone('u1', role);
		expect(mayIssueFor(self, self, false) ? controlOffer(self, self) : 'no').toBe(expected);
	});

	test('a dealer: not for another dealer, nor for a customer without devices of this one', () => {
		const dealer = someone('u1', 'dealer', { dealerNo: 1 });
		expect(mayIssueFor(dealer, someone('u2', 'dealer', { dealerNo: 2 }), true)).toBe(false);
		expect(mayIssueFor(dealer, someone('u2', 'customer'), false)).toBe(false);
	});

	test('an Admin with chosen customers: not for somebody who sees others', () => {
		const admin = someone('u1', 'admin', { customerNos: [1, 2] });
		expect(mayIssueFor(admin, someone('u2', 'customer', { customerNos: [2] }), true)).toBe(true);
		expect(mayIssueFor(admin, someone('u2', 'customer', { customerNos: [2, 3] }), true)).toBe(
			false,
		);
		expect(mayIssueFor(admin, someone('u2', 'admin'), true)).toBe(false);
		expect(seesAllTokens(admin)).toBe(false);
		expect(seesAllTokens(someone('u1', 'admin'))).toBe(true);
		expect(seesAllTokens(someone('u1', 'operation'))).toBe(false);
	});

	test('nobody: for a member of another organization', () => {
		const admin = someone('u1', 'super_admin');
		const foreign = someone('u2', 'customer');
		const elsewhere = { ...foreign, scope: { ...foreign.scope, organizationNo: 2 } };
		expect(mayIssueFor(admin, elsewhere, true)).toBe(false);
	});

	test('a Super Admin of another organization who sees all of that: as an Admin of this one', () => {
		fc.assert(
			fc.property(person, person, fc.constantFrom(1, 2), (member, owner, homeNo) => {
				const home = { ...member, scope: { ...member.scope, organizationNo: homeNo } };
				const here = issuerOf(1, home);
				if (homeNo === 1) {
					expect(here).toEqual(home);
				} else if (member.role === 'super_admin' && member.scope.customerNos === null) {
					expect(here).toEqual(someone(member.userId, 'admin'));
					if (owner.userId !== member.userId && owner.role === 'super_admin')
						expect(mayIssueFor(someone(member.userId, 'admin'), owner, true)).toBe(false);
				} else expect(here).toBeNull();
			}),
			{ numRuns: 1_000 },
		);
	});
});
