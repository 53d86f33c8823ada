import { z } from 'zod';

/**
 * Everything that can be refused, with its HTTP status and a sentence that says what was wrong and what to do.
 * `{name}` is replaced from the fault's details.
 */
export const faultKinds = {
	invalid_input: { status: 400, title: 'Invalid input', sentence: '{summary}' },
	not_signed_in: {
		status: 401,
		title: 'Not signed in',
		sentence: 'You are not signed in. Sign in and try again.',
	},
	wrong_credentials: {
		status: 401,
		title: 'Wrong e-mail or password',
		sentence: 'This e-mail and password do not match. Check both and try again.',
	},
	wrong_device_key: {
		status: 401,
		title: 'Not a known device with this key',
		sentence:
			'There is no device with this id and key. Send the device key as bearer token, or renew it on the Devices page.',
	},
	message_unreadable: {
		status: 400,
		title: 'Message not readable',
		sentence:
			'The message cannot be read ({reason}). It is kept for the operators; do not send it again.',
	},
	overloaded: {
		status: 503,
		title: 'Too much waits to be stored',
		sentence: 'Too much waits to be stored. Send this again in {retryAfterSeconds} s.',
	},
	token_invalid: {
		status: 401,
		title: 'Token not valid',
		sentence:
			'This token is not valid: it is mistyped, expired, revoked, or its owner has no access any more. Use another one.',
	},
	token_not_accepted: {
		status: 401,
		title: 'Not for tokens',
		sentence: 'This address takes no tokens. Those that do are described at /api/v1/docs.',
	},
	token_needed: {
		status: 403,
		title: 'For tokens only',
		sentence:
			'This address is for programs. Send a control-enabled token, or do it on the page of the device.',
	},
	token_read_only: {
		status: 403,
		title: 'Token is read-only',
		sentence: 'This token may read only. Use a control-enabled one.',
	},
	token_not_permitted: {
		status: 403,
		title: 'Token not permitted',
		sentence: '{reason}',
	},
	idempotency_key_reused: {
		status: 422,
		title: 'Idempotency key used before',
		sentence:
			'This idempotency key came with another request before. Send a new key with each new request.',
	},
	idempotency_in_progress: {
		status: 409,
		title: 'Request in progress',
		sentence:
			'A request with this idempotency key is in progress. Send it again when that has been answered.',
	},
	not_permitted: {
		status: 403,
		title: 'Not permitted',
		sentence: 'Your role does not permit this. Ask your administrator.',
	},
	no_membership: {
		status: 403,
		title: 'No access to this organization',
		sentence: 'This account has no access to this organization. Ask its administrator.',
	},
	second_factor_needed: {
		status: 403,
		title: 'Second factor needed',
		sentence:
			'{organization} requires a second factor. Open the portal, set one up there, and try again.',
	},
	password_sign_in_off: {
		status: 403,
		title: 'Password sign-in is off',
		sentence: 'Passwords are not used here. Sign in with {provider}.',
	},
	foreign_origin: {
		status: 403,
		title: 'Request from another site',
		sentence:
			'The request came from another site and was refused. Open the portal itself and try again.',
	},
	not_found: {
		status: 404,
		title: 'Not found',
		sentence: 'There is no such {thing}, or you may not see it.',
	},
	setup_done: {
		status: 409,
		title: 'Already set up',
		sentence: 'This installation is set up already. Sign in instead.',
	},
	setup_link_invalid: {
		status: 403,
		title: 'Setup link not valid',
		sentence: 'This setup link is not valid. Use the link that the last start printed.',
	},
	link_ended: { status: 410, title: 'Link not valid', sentence: '{summary}' },
	mail_not_waiting: {
		status: 409,
		title: 'Mail cannot be sent again',
		sentence:
			'This mail cannot be sent again: it waits to be sent, was sent, or what it says has expired. Have a new one made.',
	},
	already_in_use: {
		status: 409,
		title: 'Already in use',
		sentence: '{value} is already in use{where}.',
	},
	command_not_for_family: {
		status: 409,
		title: 'Not for this kind of device',
		sentence: '{command} is not for devices of the family {family}. Choose another device.',
	},
	command_under_way: {
		status: 409,
		title: 'Another command is under way',
		sentence:
			'{command} is still under way to this device. Wait for its answer, {leftSeconds} s at most.',
	},
	command_interlocked: {
		status: 409,
		title: 'Not safe now',
		sentence: '{command} is not safe now: {because}. Try again when that has changed.',
	},
	replay_running: {
		status: 409,
		title: 'A replay is running',
		sentence: 'Another replay of parked messages is running. Wait until it is done.',
	},
	changed_meanwhile: {
		status: 409,
		title: 'Changed meanwhile',
		sentence:
			'Somebody changed this meanwhile: {changes}. Nothing was saved; look at it again and repeat your change.',
	},
	still_in_use: {
		status: 409,
		title: 'Still in use',
		sentence: '{thing} cannot be deleted: {what}. {remedy}',
	},
	super_admin_only: {
		status: 403,
		title: 'Only for Super Admins',
		sentence: 'Only a Super Admin may do this to a Super Admin, or make somebody one. Ask one.',
	},
	own_rights: {
		status: 409,
		title: 'Your own rights',
		sentence: 'You cannot {what}. Ask another administrator.',
	},
	last_admin: {
		status: 409,
		title: 'Last administrator',
		sentence:
			'{email} is the last active administrator who sees the whole organization. Make somebody else one first.',
	},
	already_active: {
		status: 409,
		title: 'Active already',
		sentence:
			'{email} has signed in already and needs no activation. A forgotten password is renewed on the sign-in page.',
	},
	second_factor_on: {
		status: 409,
		title: 'Second factor is on',
		sentence: 'The second factor is on already. Begin again to move it to another app.',
	},
	second_factor_off: {
		status: 409,
		title: 'Second factor is off',
		sentence: 'The second factor is off. Set it up first.',
	},
	second_factor_required: {
		status: 409,
		title: 'Second factor is required',
		sentence:
			'Your organization requires a second factor, so it stays on. For another phone, move it to the app there.',
	},
	password_needed: {
		status: 409,
		title: 'Passwords are needed',
		sentence: 'Password sign-in cannot be switched off: {because}.',
	},
	provider_needed: {
		status: 409,
		title: 'Provider is needed',
		sentence:
			'Password sign-in is off, so {provider} is the only way in: it can neither be removed nor switched off, nor get another issuer or client ID, nor lose an e-mail domain. Allow password sign-in first.',
	},
	second_step_over: {
		status: 403,
		title: 'Sign-in took too long',
		sentence: 'This sign-in took too long. Enter your e-mail and password again.',
	},
	sign_in_overtaken: {
		status: 409,
		title: 'Changed meanwhile',
		sentence:
			'The password or the second factor of this account was changed while you signed in. Sign in again.',
	},
	account_reaches_further: {
		status: 403,
		title: 'Account reaches further',
		sentence:
			'{email} is used beyond this organization. Ask a Super Admin, or delete the user to end the access to this organization at once.',
	},
	second_factor_not_set: {
		status: 409,
		title: 'No second factor',
		sentence: '{email} has no second factor here. There is nothing to reset.',
	},
	device_retired: {
		status: 409,
		title: 'Device is retired',
		sentence: 'The device {deviceId} is retired. Bring it back first.',
	},
	device_not_retired: {
		status: 409,
		title: 'Device is in service',
		sentence: 'The device {deviceId} is in service already.',
	},
	import_not_possible: {
		status: 409,
		title: 'Import not possible',
		sentence: '{summary}',
	},
	not_csv: {
		status: 415,
		title: 'Not a CSV file',
		sentence: 'The body has to be a CSV file. Send it with content-type text/csv.',
	},
	import_busy: {
		status: 503,
		title: 'Too many imports at once',
		sentence: 'Other files are being imported. Try again in {retryAfterSeconds} s.',
	},
	too_many_requests: {
		status: 429,
		title: 'Too many requests',
		sentence: 'Too many attempts. Try again in {retryAfterSeconds} s.',
	},
	not_json: {
		status: 415,
		title: 'Not JSON',
		sentence: 'The body has to be JSON. Send it with content-type application/json.',
	},
	too_large: {
		status: 413,
		title: 'Too large',
		sentence: 'The request is larger than {limit}. Send less at once.',
	},
	export_busy: {
		status: 503,
		title: 'Too many downloads at once',
		sentence:
			'Other large downloads are running. Try again in {retryAfterSeconds} s, when one of them is done.',
	},
	database_unavailable: {
		status: 503,
		title: 'Database unavailable',
		sentence: 'The database does not answer. Nothing was changed; try again shortly.',
	},
	database_full: {
		status: 503,
		title: 'Database full',
		sentence:
			'The database has no room left. Nothing was changed; ask your administrator to make room on its disk, then try again.',
	},
	internal: {
		status: 500,
		title: 'Internal error',
		sentence:
			'The server failed to answer. The log has the cause under request id {requestId}; tell your administrator.',
	},
} as const satisfies Record<string, { status: number; title: string; sentence: string }>;

export type FaultCode = keyof typeof faultKinds;
export type FaultDetails = Readonly<Record<string, string | number>>;

/** What a field of a form did wrong: `path` as in `body.email`. */
export const fieldProblemSchema = z.object({ path: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/** RFC 9457 problem details as this server writes them. */
export const problemSchema = z.object({
	type: z.string(),
	title: z.string(),
	status: z.int(),
	detail: z.string(),
	code: z.string(),
	requestId: z.string(),
	fields: z.array(fieldProblemSchema).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** An expected refusal. One handler turns it into problem details. */
export class Fault extends Error {
	readonly code: FaultCode;
	readonly details: FaultDetails;
	readonly fields: readonly FieldProblem[];

	constructor(code: FaultCode, details: FaultDetails, fields: readonly FieldProblem[]) {
		super(faultSentence(code, details));
		this.name = 'Fault';
		this.code = code;
		this.details = details;
		this.fields = fields;
	}

	get status(): number {
		return faultKinds[this.code].status;
	}
}

/** Makes a {@link Fault} to throw. */
export function fault(
	code: FaultCode,
	details: FaultDetails = {},
	fields: readonly FieldProblem[] = [],
): Fault {
	return new Fault(code, details, fields);
}

export function faultSentence(code: FaultCode, details: FaultDetails): string {
	return faultKinds[code].sentence.replace(/\{(\w+)\}/g, (_, name: string) =>
		String(details[name] ?? ''),
	);
}
