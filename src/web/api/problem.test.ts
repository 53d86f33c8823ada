import { expect, test } from 'vitest';
import { z } from 'zod';
import { problemErrors, schemaErrors } from './field-errors.ts';
import { readProblem, retryAfterSeconds } from './problem.ts';

const body = {
	type: 'about:blank',
	title: 'Invalid input',
	status: 400,
	detail: 'The e-mail is wrong.',
	code: 'invalid_input',
	requestId: 'r-1',
	fields: [{ path: 'body.email', message: 'Enter an e-mail address.' }],
};

test('problem details become an error with sentence, code and request id', () => {
	const problem = readProblem(body, new Headers());
	expect(problem).toMatchObject({
		message: 'The e-mail is wrong.',
		code: 'invalid_input',
		status: 400,
		requestId: 'r-1',
		retryAfterSeconds: null,
	});
});

test('anything else is no problem details', () => {
	expect(readProblem('<html>', new Headers())).toBeNull();
	expect(readProblem({ code: 'INVALID_EMAIL', message: 'no' }, new Headers())).toBeNull();
});

test('fields of a problem go by the names of the form', () => {
	const problem = readProblem(body, new Headers());
	expect(problem && problemErrors(problem)).toEqual({ email: 'Enter an e-mail address.' });
	const fields = [{ path: 'body.after.name', message: 'Enter a name.' }];
	const edit = readProblem({ ...body, fields }, new Headers());
	expect(edit && problemErrors(edit)).toEqual({ name: 'Enter a name.' });
});

test.each([
	[{ 'X-Retry-After': '42' }, 42],
	[{ 'Retry-After': '7' }, 7],
	[{ 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }, null],
	[{}, null],
])('%j asks to wait %s s', (headers, seconds) => {
	expect(retryAfterSeconds(new Headers(headers))).toBe(seconds);
});

test('a schema names the first complaint about each field', () => {
	const schema = z.object({
		name: z.string().min(1, 'Enter a name.').regex(/^A/, 'Begin with A.'),
	});
	expect(schemaErrors(schema, { name: '' })).toEqual({ name: 'Enter a name.' });
	expect(schemaErrors(schema, { name: 'Ada' })).toEqual({});
});
