import type { z } from 'zod';
import type { ProblemError } from './problem.ts';

/** What a schema has against a form's values, by field; the first complaint about each. */
export function schemaErrors(
	schema: z.ZodType | undefined,
	values: unknown,
): Record<string, string> {
	const errors: Record<string, string> = {};
	for (const issue of schema?.safeParse(values).error?.issues ?? []) {
		errors[issue.path.join('.')] ??= issue.message;
	}
	return errors;
}

/**
 * What the server has against a form's values, by field: it writes `body.email`, or `body.after.email` where a body
 * carries the record before and after, or `body.value.email` where that is what a command carries, and the form says
 * `email`.
 */
export function problemErrors(problem: ProblemError): Record<string, string> {
	return Object.fromEntries(
		problem.fields.map(({ path, message }) => [
			path.replace(/^body\.((after|value)\.)?/, ''),
			message,
		]),
	);
}
