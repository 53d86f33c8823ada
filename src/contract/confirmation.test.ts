import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirmationSchema, confirmWord, isConfirmation } from './confirmation.ts';

test.each(['Confirm', 'confirm', 'CONFIRM', '  Confirm\t'])('%j confirms', (typed) => {
	expect(isConfirmation(typed)).toBe(true);
	expect(confirmationSchema.safeParse(typed).success).toBe(true);
});

test('nothing else does', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 64 }), (typed) => {
			fc.pre(typed.trim().toLowerCase() !== 'confirm');
			expect(isConfirmation(typed)).toBe(false);
			expect(confirmationSchema.safeParse(typed).success).toBe(false);
		}),
	);
	expect(isConfirmation(confirmWord, 'Delete')).toBe(false);
});
