import { randomBytes } from 'node:crypto';
import { fault } from '#contract/faults.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { endOtherSessions } from '../account/sessions.ts';
import { lockAccount } from '../account-link.ts';
import { requiresSecondFactorOf } from '../policy/store.ts';
import type { Vault } from '../vault.ts';
import { newRecoveryCodes, readRecoveryCode } from './recovery-codes.ts';
import {
	confirmSecret,
	countCodeTry,
	hasSecondFactor,
	keepNext,
	keepUnconfirmed,
	readSecondFactor,
	replaceRecoveryCodes,
	resetSecondFactor,
	takeRecoveryCode,
	takeStep,
} from './store.ts';
import { appAddress, base32, isCode, stepOf } from './totp.ts';

/** As long as the hash, as RFC 4226 (4, R6) recommends. */
const secretBytes = 20;

export interface SecondFactorOptions {
	readonly database: Database;
	readonly vault: Vault;
	readonly clock: Clock;
}

/**
 * Makes a secret for the person's app. It is asked for at sign-in once a code has proven that the app has it; until then
 * the app of now stays in force.
 * @param code of the app of now, or a recovery code; null where there is no second factor yet
 * @throws `invalid_input`, `too_many_requests` and, where it changed meanwhile, `second_factor_on`
 */
export async function beginSecondFactor(
	options: SecondFactorOptions,
	{ principal }: Actor,
	code: string | null,
): Promise<{ secret: string; address: string }> {
	const { database, vault } = options;
	const { userId, email, organization } = principal;
	const moves = await hasSecondFactor(database, userId);
	if (moves) await takeCode(options, userId, code ?? refuseWithoutCode());
	const secret = randomBytes(secretBytes);
	const sealed = vault.seal('second-factor-secret', userId, secret.toString('base64'));
	const keep = moves ? keepNext : keepUnconfirmed;
	if (!(await keep(database, userId, sealed))) throw fault('second_factor_on');
	return { secret: base32(secret), address: appAddress(organization.name, email, secret) };
}

/**
 * Switches the second factor on, or moves it to another app. Sessions that were opened without it end.
 * @returns the recovery codes, which nobody can be told again
 * @throws `second_factor_on`, `second_factor_off`, `invalid_input` for a code of another secret or time
 */
export async function confirmSecondFactor(
	{ database, vault, clock }: SecondFactorOptions,
	{ principal, origin }: Actor,
	sessionId: string,
	code: string,
): Promise<string[]> {
	const { userId } = principal;
	const kept = await readSecondFactor(database, userId);
	if (kept === undefined) throw fault('second_factor_off');
	const secret = kept.isConfirmed ? kept.nextSecret : kept.secret;
	if (secret === null) throw fault('second_factor_on');
	const step = stepOf(openSecret(vault, userId, secret), code, clock());
	if (step === null) throw wrongCode();
	const codes = newRecoveryCodes();
	await database.transaction().execute(async (transaction) => {
		await lockAccount(transaction, userId);
		if (!(await confirmSecret(transaction, userId, secret, step))) throw wrongCode();
		await replaceRecoveryCodes(transaction, userId, hashesOf(vault, userId, codes));
		await endOtherSessions(transaction, principal, sessionId);
		await recordAudit(transaction, principal, origin, {
			action: kept.isConfirmed ? 'second_factor.move' : 'second_factor.switch_on',
			subject: { kind: 'account', id: principal.email },
			before: kept.isConfirmed ? null : { secondFactor: 'off' },
			after: kept.isConfirmed ? null : { secondFactor: 'on' },
		});
	});
	return codes;
}

/** @returns other recovery codes; those before are worth nothing any more. @throws `second_factor_off` */
export async function renewRecoveryCodes(
	{ database, vault }: SecondFactorOptions,
	{ principal, origin }: Actor,
): Promise<string[]> {
	const { userId } = principal;
	const codes = newRecoveryCodes();
	await database.transaction().execute(async (transaction) => {
		const kept = await readSecondFactor(transaction, userId);
		if (!kept?.isConfirmed) throw fault('second_factor_off');
		await replaceRecoveryCodes(transaction, userId, hashesOf(vault, userId, codes));
		await recordAudit(transaction, principal, origin, {
			action: 'second_factor.renew_codes',
			subject: { kind: 'account', id: principal.email },
			before: null,
			after: null,
		});
	});
	return codes;
}

/**
 * Switches the second factor off, for somebody who has it.
 * @throws `second_factor_required`, `second_factor_off`, and what {@link takeCode} throws
 */
export async function switchOffSecondFactor(
	options: SecondFactorOptions,
	{ principal, origin }: Actor,
	sessionId: string,
	code: string,
): Promise<void> {
	const { userId } = principal;
	if (await requiresSecondFactorOf(options.database, principal, sessionId))
		throw fault('second_factor_required');
	await takeCode(options, userId, code);
	await options.database.transaction().execute(async (transaction) => {
		if (!(await resetSecondFactor(transaction, userId))) throw fault('second_factor_off');
		await recordAudit(transaction, principal, origin, {
			action: 'second_factor.switch_off',
			subject: { kind: 'account', id: principal.email },
			before: { secondFactor: 'on' },
			after: { secondFactor: 'off' },
		});
	});
}

/**
 * Takes a code of the app, or a recovery code, which is worth nothing afterwards.
 * @returns which it was
 * @throws `second_factor_off`, `too_many_requests`, `invalid_input`
 */
export async function takeCode(
	{ database, vault, clock }: SecondFactorOptions,
	userId: string,
	typed: string,
): Promise<'code' | 'recovery_code'> {
	const kept = await readSecondFactor(database, userId);
	if (!kept?.isConfirmed) throw fault('second_factor_off');
	const retryAfterSeconds = await countCodeTry(database, userId);
	if (retryAfterSeconds !== null) throw fault('too_many_requests', { retryAfterSeconds });
	const code = typed.replace(/\s/g, '');
	if (!isCode(code)) {
		const hash = vault.hashOf(userId, readRecoveryCode(code));
		if (await takeRecoveryCode(database, userId, hash)) return 'recovery_code';
		throw wrongCode();
	}
	const step = stepOf(openSecret(vault, userId, kept.secret), code, clock());
	if (step === null || !(await takeStep(database, userId, step))) throw wrongCode();
	return 'code';
}

function openSecret(vault: Vault, userId: string, sealed: Buffer): Buffer {
	const secret = vault.open('second-factor-secret', userId, sealed);
	if (secret === null)
		throw new Error(
			'A second factor was kept with another auth-secret. Restore that file of the data folder, or reset the second factor of the account.',
		);
	return Buffer.from(secret, 'base64');
}

function hashesOf(vault: Vault, userId: string, codes: readonly string[]): Buffer[] {
	return codes.map((code) => vault.hashOf(userId, readRecoveryCode(code)));
}

function refuseWithoutCode(): never {
	const message = 'Enter a code of the app that you use now, or a recovery code.';
	throw fault('invalid_input', { summary: message }, [{ path: 'body.code', message }]);
}

function wrongCode(): Error {
	const message =
		'This code is not right, or was used before. Wait for the next one and try again.';
	return fault('invalid_input', { summary: message }, [{ path: 'body.code', message }]);
}
