import { randomInt } from 'node:crypto';

export const recoveryCodeCount = 10;

/** Crockford's base32: no letter looks like a digit. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groups = 4;
const groupLength = 4;

/** Ten codes of 80 random bits, each good for one sign-in without the app. */
export function newRecoveryCodes(): string[] {
	return Array.from({ length: recoveryCodeCount }, newCode);
}

function newCode(): string {
	const group = () => Array.from({ length: groupLength }, () => letters[randomInt(32)]).join('');
	return Array.from({ length: groups }, group).join('-');
}

/** A code as it was meant, however it was typed. */
export function readRecoveryCode(typed: string): string {
	return typed
		.toUpperCase()
		.replace(/[^0-9A-Z]/g, '')
		.replaceAll('O', '0')
		.replace(/[IL]/g, '1');
}
