import { z } from 'zod';

/** The word a person types before something is changed. */
export const confirmWord = 'Confirm';

/** Whether somebody typed the word: in any case, whatever spaces are around it. */
export function isConfirmation(typed: string, word: string = confirmWord): boolean {
	return typed.trim().toLowerCase() === word.toLowerCase();
}

/** What a body carries as proof that a person typed the word; the server checks it for browser sessions. */
export const confirmationSchema = z
	.string()
	.max(64)
	.refine((typed) => isConfirmation(typed), `Type ${confirmWord} to go ahead.`);
