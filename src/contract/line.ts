import { z } from 'zod';

/** What begins another line, turns the direction of what follows, or is no character at all. */
const notOfALine = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufffd]/u;

/** Text that a person may write in one line: nothing that a terminal, a database or a reader stumbles over. */
export function line(label: string, longest: number) {
	return z
		.string()
		.trim()
		.max(longest, `The ${label} is too long. Use at most ${longest} characters.`)
		.refine(
			(text) => !notOfALine.test(text),
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
