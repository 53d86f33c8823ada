import { dictionary } from '@zxcvbn-ts/language-common';
import { fault } from '#contract/faults.ts';
import { minPasswordLength, passwordSchema } from '#contract/password.ts';

/** Whose password it is, and where: what somebody who guesses tries first. */
export interface PasswordContext {
	readonly email: string;
	readonly organizationName: string;
}

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** Repetitions of so few signs are guessed by machines at once. */
const shortestUnit = 5;

const sentences = {
	short: `Use at least ${minPasswordLength} characters; a sentence works well.`,
	common:
		'This password is on lists of common passwords, which are tried first. Choose another; a sentence of several words works well.',
	context:
		'This password is your e-mail or the organization’s name, which are tried first. Choose another; a sentence of several words works well.',
	repeated: 'This password repeats itself. Choose another; a sentence of several words works well.',
};

/**
 * Refuses a password that would be guessed (NIST SP 800-63B-4, 3.1.1.2): too short, on lists of common ones, or made
 * of nothing but what is known of its owner. How it is composed does not matter.
 * @param path the field that is at fault
 * @throws `invalid_input`
 */
export function checkPassword(
	password: string,
	context: PasswordContext,
	path = 'body.password',
): void {
	const message = problemOf(password, context);
	if (message !== null) throw fault('invalid_input', { summary: message }, [{ path, message }]);
}

/** What is wrong with a password, or null. */
export function problemOf(password: string, context: PasswordContext): string | null {
	const bounds = passwordSchema.safeParse(password);
	if (!bounds.success) return bounds.error.issues[0]?.message ?? sentences.short;
	// It is compared as it is hashed: one password, however it was typed.
	const text = password.normalize('NFKC').toLowerCase();
	if ([...text].length < minPasswordLength) return sentences.short;
	const unit = repeatedUnit(text);
	if (unit.length < shortestUnit) return sentences.repeated;
	const words = lettersOf(unit);
	const known = knownOf(context);
	if (known.has(lettersAndDigitsOf(unit)) || known.has(words) || known.has(repeatedUnit(words)))
		return sentences.context;
	const isCommon = [text, unit, words, repeatedUnit(words)].some((tried) => common.has(tried));
	return isCommon ? sentences.common : null;
}

/** The e-mail, its part before the @, and the organization's name, however they are parted. */
function knownOf({ email, organizationName }: PasswordContext): ReadonlySet<string> {
	const local = email.split('@')[0] ?? '';
	const texts = [email, local, organizationName].map((text) =>
		text.normalize('NFKC').toLowerCase(),
	);
	const forms = texts.flatMap((text) => [lettersAndDigitsOf(text), lettersOf(text)]);
	return new Set(forms.filter((form) => form !== ''));
}

function lettersAndDigitsOf(text: string): string {
	return text.replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

function lettersOf(text: string): string {
	return text.replace(/[^\p{L}\p{M}]/gu, '');
}

/** The shortest text of which this one is nothing but repetitions; itself if there is none. */
function repeatedUnit(text: string): string {
	const length = (text + text).indexOf(text, 1);
	return length === -1 ? text : text.slice(0, length);
}
