import { type RenderedMail, renderMail } from '#platform/mail/render-mail.ts';
import { activatePath, resetPasswordPath } from '../contract.ts';

/** What every mail of this module names. */
interface Named {
	readonly organizationName: string;
	readonly email: string;
	/** Address of the portal, without a trailing slash. */
	readonly linkBase: string;
}

/** The mail by which somebody who forgot the password sets another. */
export function resetMail(
	{ organizationName, email, linkBase }: Named,
	token: string,
): RenderedMail {
	return renderMail(brandOf(organizationName), {
		subject: `Reset your password for ${organizationName}`,
		paragraphs: [
			`Somebody asked to reset the password of ${email} at ${organizationName}. If it was you, choose a new one:`,
		],
		button: { label: 'Reset password', href: `${linkBase}${resetPasswordPath}#${token}` },
		closing: [
			'The link works once, for one hour. Resetting the password signs you out everywhere.',
			'If it was not you, ignore this mail: your password stays as it is.',
		],
	});
}

/** The mail by which somebody new sets the first password. */
export function activationMail(
	{ organizationName, email, linkBase }: Named,
	token: string,
): RenderedMail {
	return renderMail(brandOf(organizationName), {
		subject: `Activate your account at ${organizationName}`,
		paragraphs: [
			`You were given access to ${organizationName} as ${email}. Activate your account by choosing a password:`,
		],
		button: { label: 'Activate me', href: `${linkBase}${activatePath}#${token}` },
		closing: [
			'The link works once, for seven days. After that, ask your administrator to send it again.',
		],
	});
}

/** The mail to somebody whose account was activated before, elsewhere. */
export function accessMail({ organizationName, email, linkBase }: Named): RenderedMail {
	return renderMail(brandOf(organizationName), {
		subject: `You have access to ${organizationName}`,
		paragraphs: [
			`You were given access to ${organizationName} as ${email}. Sign in with the password that you have already:`,
		],
		button: { label: 'Sign in', href: `${linkBase}/sign-in` },
		closing: ['If you do not remember the password, choose “Forgot password?” on that page.'],
	});
}

function brandOf(name: string) {
	return { name, supportContact: null };
}
