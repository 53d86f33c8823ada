import { fault } from '#contract/faults.ts';
import { passwordSchema } from '#contract/password.ts';

/** Whose password it is to be. */
export interface PasswordOwner {
	readonly email: string;
	readonly organizationName: string;
}

/** Refuses a password that is too short or too long. @throws `invalid_input` */
export function checkPassword(password: string, _owner: PasswordOwner): void {
	const complaint = passwordSchema.safeParse(password).error?.issues[0]?.message;
	if (complaint !== undefined)
		throw fault('invalid_input', { summary: complaint }, [
			{ path: 'body.password', message: complaint },
		]);
}
