import { z } from 'zod';

/** NIST SP 800-63B-4, 3.1.1.2: length counts, composition rules do not. */
export const minPasswordLength = 12;
export const maxPasswordLength = 128;

export const passwordSchema = z
	.string()
	.min(minPasswordLength, `Use at least ${minPasswordLength} characters; a sentence works well.`)
	.max(maxPasswordLength, `Use at most ${maxPasswordLength} characters.`);
