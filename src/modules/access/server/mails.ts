import { type Brand, builtInColour } from '#contract/brand.ts';
import { brandColours } from '#contract/brand-colours.ts';
import { type MailBrand, type RenderedMail, renderMail } from '#platform/mail/render-mail.ts';
import { activatePath, resetPasswordPath } from '../contract.ts';

/** What every mail of this module names. */
interface Named {
	readonly brand: Brand;
	readonly email: string;
	/** Address of the portal, without a trailing slash. */
	readonly linkBase: string;
}

/** The mail by which somebody who forgot the password sets another. */
export function resetMail({ brand, email, linkBase }: Named, token: string): RenderedMail {
	return renderMail(mailBrandOf(brand), {
		subject: `Reset your password for ${brand.name}`,
		paragraphs: [
			`Somebody asked to reset the password of ${email} at ${brand.name}. If it was you, choose a new one:`,
		],
		button: { label: 'Reset password', href: `${linkBase}${resetPasswordPath}#${token}` },
		closing: [
			'The link works once, for one hour. Resetting the password signs you out everywhere.',
			'If it was not you, ignore this mail: your password stays as it is.',
		],
	});
}

/** The mail by which somebody new sets the first password. */
export function activationMail({ brand, email, linkBase }: Named, token: string): RenderedMail {
	return renderMail(mailBrandOf(brand), {
		subject: accessSubject(brand),
		paragraphs: [
			`You were given access to ${brand.name} as ${email}. Activate your account by choosing a password:`,
		],
		button: { label: 'Activate me', href: `${linkBase}${activatePath}#${token}` },
		closing: [
			'The link works once, for seven days. After that, ask your administrator to send it again.',
		],
	});
}

/** The mail to somebody whose account was activated before, elsewhere. */
export function accessMail({ brand, email, linkBase }: Named): RenderedMail {
	return renderMail(mailBrandOf(brand), {
		subject: accessSubject(brand),
		paragraphs: [
			`You were given access to ${brand.name} as ${email}. Sign in with the password that you have already:`,
		],
		button: { label: 'Sign in', href: `${linkBase}/sign-in` },
		closing: ['If you do not remember the password, choose “Forgot password?” on that page.'],
	});
}

/** The mail to somebody whose organization signs in with its provider alone. */
export function providerAccessMail(
	{ brand, email, linkBase }: Named,
	provider: string,
): RenderedMail {
	return renderMail(mailBrandOf(brand), {
		subject: accessSubject(brand),
		paragraphs: [
			`You were given access to ${brand.name} as ${email}. Sign in with ${provider}, where you sign in to everything else of your organization:`,
		],
		button: { label: 'Sign in', href: `${linkBase}/sign-in` },
		closing: ['You need no password for it.'],
	});
}

/** The same for everybody who was given access: the list of mails does not tell who had an account elsewhere. */
function accessSubject({ name }: Brand): string {
	return `Your access to ${name}`;
}

function mailBrandOf({ name, colour, support }: Brand): MailBrand {
	const contact = [support.name, support.email, support.phone].filter((part) => part !== null);
	return {
		name,
		supportContact: contact.length === 0 ? null : contact.join(', '),
		buttonColour: brandColours(colour ?? builtInColour).fill,
	};
}
