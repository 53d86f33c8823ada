import { z } from 'zod';

/** Text that a person may write in one line: nothing that a terminal or a database stumbles over. */
export function line(label: string, longest: number) {
	return z
		.string()
		.trim()
		.max(longest, `The ${label} is too long. Use at most ${longest} characters.`)
		.refine(
			(text) => !/[\p{Cc}\uFFFD]/u.test(text),
			`The ${label} holds a character that cannot be kept. Remove it.`,
		);
}

/** The same where it may be left empty, which reads null. */
export function optionalLine(label: string, longest: number) {
	return line(label, longest)
		.nullable()
		.transform((text) => (text === '' ? null : text));
}

/** The same where it has to be there. */
export function requiredLine(label: string, longest: number) {
	return line(label, longest).min(1, `Enter the ${label}.`);
}
