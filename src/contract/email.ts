import { z } from 'zod';

/** The e-mail by which somebody signs in; addresses that differ in case alone are the same. */
export const signInEmailSchema = z
	.string()
	.trim()
	.toLowerCase()
	.max(320, 'The e-mail is too long.')
	.pipe(z.email('Enter an e-mail address, such as name@example.com.'));
