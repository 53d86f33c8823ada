import fc from 'fast-check';
import { expect, test } from 'vitest';
import { misRoles, type Role, roles } from '#contract/roles.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import { changedUserSchema, customerListRoles, newUserSchema, type UserEdit } from '../contract.ts';
import {
	customersText,
	editOf,
	editWords,
	keepsOrganization,
	type Member,
	type MemberChange,
	refusalOf,
} from './rules.ts';

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
const rights = fc
	.record({
		role: fc.constantFrom(...roles),
		misRole: fc.constantFrom(...misRoles),
		dealerNo: fc.integer({ min: 1, max: 3 }),
		customerNos: fc.option(numbers),
	})
	.map(({ dealerNo, ...other }) => ({
		...other,
		dealerNo: other.role === 'dealer' ? dealerNo : null,
	}));
const userId = fc.constantFrom('a', 'b', 'c');
const member: fc.Arbitrary<Member> = fc
	.record({ rights, userId, isActive: fc.boolean() })
	.map((drawn) => ({ ...drawn.rights, ...drawn, email: `${drawn.userId}@example.org` }));
const change: fc.Arbitrary<MemberChange> = fc.record({
	actor: fc.record({ userId, role: fc.constantFrom(...roles) }),
	before: fc.option(member),
	after: fc.option(rights),
	otherKeepers: fc.nat({ max: 2 }),
});

const codeOf = (asked: MemberChange) => refusalOf(asked)?.code ?? null;
const rank: Record<Role, number> = {
	super_admin: 2,
	admin: 1,
	operation: 0,
	b2b: 0,
	dealer: 0,
	customer: 0,
};

test('nobody gives or takes a role above their own, and nobody but administrators anything', () => {
	fc.assert(
		fc.property(change, (asked) => {
			if (codeOf(asked) !== null) return;
			const touched = [asked.before?.role, asked.after?.role].filter((role) => role !== undefined);
			expect(rank[asked.actor.role]).toBeGreaterThan(0);
			for (const role of touched) expect(rank[asked.actor.role]).toBeGreaterThanOrEqual(rank[role]);
		}),
	);
});

test('nobody changes what they see or are, nor deletes themselves', () => {
	fc.assert(
		fc.property(change, (asked) => {
			const { actor, before, after } = asked;
			if (before?.userId !== actor.userId || codeOf(asked) !== null) return;
			expect(after).not.toBeNull();
			expect([after?.role, after?.dealerNo]).toEqual([before.role, before.dealerNo]);
			expect(new Set(after?.customerNos)).toEqual(new Set(before.customerNos));
		}),
	);
});

test('an organization that somebody keeps is kept after every change', () => {
	fc.assert(
		fc.property(change, (asked) => {
			const { before, after, otherKeepers } = asked;
			if (before === null || codeOf(asked) !== null) return;
			const kept = (is: boolean) => otherKeepers + (is ? 1 : 0);
			if (kept(before.isActive && keepsOrganization(before)) > 0)
				expect(kept(before.isActive && after !== null && keepsOrganization(after))).toBeGreaterThan(
					0,
				);
		}),
	);
});

test('a Super Admin may do everything to others that leaves an administrator', () => {
	fc.assert(
		fc.property(change, (asked) => {
			const { before } = asked;
			const ofOthers = { ...asked, actor: { userId: 'nobody else', role: 'super_admin' as const } };
			expect(codeOf({ ...ofOthers, otherKeepers: 1 })).toBeNull();
			if (before !== null && !(before.isActive && keepsOrganization(before)))
				expect(codeOf(ofOthers)).toBeNull();
		}),
	);
});

const everything = { misRole: 'user', dealerNo: null, customerNos: null } as const;
const admin: Member = {
	...everything,
	userId: 'b',
	email: 'b@example.org',
	role: 'admin',
	isActive: true,
};
const examples: [string, MemberChange, string | null][] = [
	[
		'an Admin makes an Admin',
		{ actor: { userId: 'a', role: 'admin' }, before: null, after: admin, otherKeepers: 0 },
		null,
	],
	[
		'an Admin makes a Super Admin',
		{
			actor: { userId: 'a', role: 'admin' },
			before: null,
			after: { ...everything, role: 'super_admin' },
			otherKeepers: 0,
		},
		'super_admin_only',
	],
	[
		'an Admin deletes a Super Admin',
		{
			actor: { userId: 'a', role: 'admin' },
			before: { ...admin, role: 'super_admin' },
			after: null,
			otherKeepers: 1,
		},
		'super_admin_only',
	],
	[
		'an Admin deletes himself',
		{ actor: { userId: 'b', role: 'admin' }, before: admin, after: null, otherKeepers: 1 },
		'own_rights',
	],
	[
		'an Admin gives himself the MIS dashboards',
		{
			actor: { userId: 'b', role: 'admin' },
			before: admin,
			after: { ...admin, misRole: 'admin' },
			otherKeepers: 0,
		},
		null,
	],
	[
		'the last Admin is narrowed from outside',
		{
			actor: { userId: 'a', role: 'super_admin' },
			before: admin,
			after: { ...admin, customerNos: [1] },
			otherKeepers: 0,
		},
		'last_admin',
	],
	[
		'an Admin who never came in is deleted',
		{
			actor: { userId: 'a', role: 'super_admin' },
			before: { ...admin, isActive: false },
			after: null,
			otherKeepers: 0,
		},
		null,
	],
	[
		'Operation adds somebody',
		{
			actor: { userId: 'a', role: 'operation' },
			before: null,
			after: { ...everything, role: 'operation' },
			otherKeepers: 0,
		},
		'not_permitted',
	],
];
test.each(examples)('%s', (_, asked, code) => {
	expect(codeOf(asked)).toBe(code);
});

const edit = fc.record<UserEdit>({
	name: fc.option(fc.constantFrom('Asha', 'Bela')),
	role: fc.constantFrom(...roles),
	misRole: fc.constantFrom(...misRoles),
	userAccount: fc.constantFrom('Command Centre', 'Depot'),
	dealerNo: fc.option(fc.integer({ min: 1, max: 3 })),
	customerNos: fc.option(numbers),
});

test('a user has the dealer and the customers that the role asks for', () => {
	fc.assert(
		fc.property(edit, (user) => {
			const { success } = changedUserSchema.safeParse(user);
			const { role, dealerNo, customerNos } = user;
			const suits =
				(role === 'dealer') === (dealerNo !== null) &&
				(customerNos !== null || !customerListRoles.includes(role));
			expect(success).toBe(suits);
			expect(newUserSchema.safeParse({ ...user, email: 'A@Example.org ' }).success).toBe(suits);
		}),
	);
	const parsed = newUserSchema.safeParse({
		...everything,
		name: '',
		role: 'admin',
		userAccount: ' Depot ',
		email: ' Asha@Example.ORG ',
	});
	expect(parsed.data).toMatchObject({
		email: 'asha@example.org',
		name: null,
		userAccount: 'Depot',
	});
});

test('two edits differ in what was changed, in whatever order the customers stand', () => {
	fc.assert(
		fc.property(edit, edit, (before, now) => {
			const words = editWords({ dealerName: 'North', customers: null });
			const changes = changesMeanwhile(editOf(before), editOf(now), words) ?? '';
			const labels = {
				name: 'Name',
				role: 'Role is',
				misRole: 'MIS Role',
				userAccount: 'User Account',
				dealerNo: 'Dealer is now North',
				customerNos: 'Customer list',
			};
			const compare = <Field extends keyof UserEdit>(field: Field, label: string) => {
				const isSame = JSON.stringify(editOf(before)[field]) === JSON.stringify(editOf(now)[field]);
				// "MIS Role is" holds "Role is".
				expect(changes.replaceAll('MIS Role is', 'MIS Role').includes(label)).toBe(!isSame);
			};
			compare('name', labels.name);
			compare('role', labels.role);
			compare('misRole', labels.misRole);
			compare('userAccount', labels.userAccount);
			compare('dealerNo', labels.dealerNo);
			compare('customerNos', labels.customerNos);
			const { customerNos } = before;
			const turned = { ...before, customerNos: customerNos && [...customerNos].reverse() };
			expect(changesMeanwhile(editOf(turned), editOf(before), words)).toBeNull();
		}),
	);
});

test('customers read by name, the first of many', () => {
	const customers = ['Asha', 'Bela', 'Cara', 'Dina', 'Esha'].map((name, customerNo) => ({
		customerNo,
		name,
	}));
	expect(customersText(null)).toBe('ALL');
	expect(customersText(customers.slice(0, 3))).toBe('Asha, Bela, Cara');
	expect(customersText(customers)).toBe('Asha, Bela, Cara and 2 more');
});
