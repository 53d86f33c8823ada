import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder this program was cloned into. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Something is missing or wrong; the message is a sentence that says what to do. */
export class PreparationError extends Error {}

/** Path inside the checkout. @param {...string} parts */
export function inCheckout(...parts) {
	return join(root, ...parts);
}
