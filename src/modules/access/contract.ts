import { z } from 'zod';
import { brandSchema } from '#contract/brand.ts';
import { confirmationSchema } from '#contract/confirmation.ts';
import { endpoint } from '#contract/endpoint.ts';
import { requiredLine } from '#contract/line.ts';
import { ownTilesSchema } from '#contract/own-tiles.ts';
import { passwordSchema } from '#contract/password.ts';
import { misRoleSchema, type Role, roleSchema } from '#contract/roles.ts';
import { optionalModuleSchema } from '#modules/organization/contract.ts';

/**
 * Sign-in and sign-out themselves are better-auth's routes below `/api/auth/`:
 * `POST /api/auth/sign-in/email` `{email, password}` and `POST /api/auth/sign-out`.
 */
export const authBasePath = '/api/auth';

/** Who is signed in, where, and as what. */
export const showSession = endpoint({
	method: 'GET',
	path: '/api/session',
	summary: 'The signed-in user, the role and the organization',
	admits: 'signed-in',
	isBeforeSecondFactor: true,
	reply: z.object({
		user: z.object({ email: z.string(), name: z.string() }),
		role: roleSchema,
		/** `admin` has the MIS dashboards besides what the role gives. */
		misRole: misRoleSchema,
		organization: brandSchema.extend({
			timeZone: z.string(),
			country: z.string(),
			/** BCP 47 tag by which numbers are written, e.g. `en-IN`. */
			locale: z.string(),
			/** ISO 4217; null while nobody has chosen one. */
			currency: z.string().nullable(),
			/** Optional modules that are on. */
			modules: z.array(optionalModuleSchema),
		}),
		/** The own organization of a Super Admin who is in another one. */
		enteredFrom: z.string().nullable(),
		/** Null: maps are drawn on the built-in basemap. */
		ownTiles: ownTilesSchema.nullable(),
		/** Whether a second factor has to be set up before anything else can be done. */
		lacksSecondFactor: z.boolean(),
	}),
});

/** What the sign-in page shows before anybody is known. */
export const showPortal = endpoint({
	method: 'GET',
	path: '/api/portal',
	summary: 'Brand and version of the portal at this host, and whether it still has to be set up',
	admits: 'everyone',
	reply: brandSchema.extend({
		version: z.string(),
		needsSetup: z.boolean(),
		/** Where the organization of this host signs in besides here; null: nowhere. */
		provider: z.object({ label: z.string() }).nullable(),
		/** False: with its provider alone, but for Super Admins. */
		allowsPassword: z.boolean(),
	}),
});

/** Longest text that may be a password or a code; what is longer is not looked at. */
const typedSecret = z.string().max(1_000);

/** The second step of a sign-in whose account has a second factor; the first is better-auth's. */
export const finishSignIn = endpoint({
	method: 'POST',
	path: '/api/auth/second-step',
	summary: 'Finishes a sign-in with a code of the authenticator app, or a recovery code',
	admits: 'everyone',
	body: z.object({ code: typedSecret.min(1, 'Enter the code.') }),
	reply: z.object({}),
});

/** What somebody sees of their own account. */
export const showAccount = endpoint({
	method: 'GET',
	path: '/api/account',
	summary: 'How one signs in: password, second factor',
	admits: 'signed-in',
	isBeforeSecondFactor: true,
	reply: z.object({
		/** False for an account that signs in with the organization's provider only. */
		hasPassword: z.boolean(),
		secondFactor: z.object({
			isOn: z.boolean(),
			/** Whether an organization of theirs requires it, so that it cannot be switched off. */
			isRequired: z.boolean(),
			recoveryCodesLeft: z.int(),
		}),
	}),
});

export const changeOwnPassword = endpoint({
	method: 'POST',
	path: '/api/account/password',
	summary: 'Changes one’s own password; other sessions end',
	admits: 'signed-in',
	body: z.object({
		current: typedSecret.min(1, 'Enter your current password.'),
		password: typedSecret.min(1, 'Enter a new password.'),
		confirm: confirmationSchema,
	}),
	reply: z.object({}),
});

const accountSessionSchema = z.object({
	sessionId: z.string(),
	/** As the browser named itself; empty when it did not. */
	userAgent: z.string(),
	address: z.string(),
	sinceMs: z.number(),
	lastSeenAtMs: z.number(),
	/** Whether it is the session of this very request. */
	isThis: z.boolean(),
});
export type AccountSession = z.infer<typeof accountSessionSchema>;

export const listOwnSessions = endpoint({
	method: 'GET',
	path: '/api/account/sessions',
	summary: 'Where one is signed in',
	admits: 'signed-in',
	isBeforeSecondFactor: true,
	reply: z.object({ rows: z.array(accountSessionSchema) }),
});

export const endOwnSession = endpoint({
	method: 'POST',
	path: '/api/account/sessions/:sessionId/end',
	summary: 'Ends one of one’s own sessions at once',
	admits: 'signed-in',
	params: z.object({ sessionId: z.string().max(100) }),
	body: z.object({ confirm: confirmationSchema }),
	reply: z.object({}),
});

export const endOtherOwnSessions = endpoint({
	method: 'POST',
	path: '/api/account/sessions/end-others',
	summary: 'Ends all of one’s own sessions but this one at once',
	admits: 'signed-in',
	body: z.object({ confirm: confirmationSchema }),
	reply: z.object({ ended: z.int() }),
});

export const beginOwnSecondFactor = endpoint({
	method: 'POST',
	path: '/api/account/second-factor/begin',
	summary: 'A new secret for one’s authenticator app, not yet in force',
	admits: 'signed-in',
	isBeforeSecondFactor: true,
	body: z.object({
		password: typedSecret.min(1, 'Enter your password.'),
		/** Of the app of now, or a recovery code; null where there is no second factor yet. */
		code: typedSecret.nullable(),
	}),
	reply: z.object({
		/** As it is typed into an app, in base32. */
		secret: z.string(),
		/** What the QR code says: `otpauth://totp/…`. */
		address: z.string(),
	}),
});

const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });

export const confirmOwnSecondFactor = endpoint({
	method: 'POST',
	path: '/api/account/second-factor/confirm',
	summary:
		'Switches one’s second factor on, or moves it, given a code of the new app; other sessions end',
	admits: 'signed-in',
	isBeforeSecondFactor: true,
	body: z.object({ code: typedSecret.min(1, 'Enter the code.') }),
	reply: recoveryCodesSchema,
});

export const renewOwnRecoveryCodes = endpoint({
	method: 'POST',
	path: '/api/account/second-factor/recovery-codes',
	summary: 'Other recovery codes; those before are worth nothing any more',
	admits: 'signed-in',
	body: z.object({
		password: typedSecret.min(1, 'Enter your password.'),
		confirm: confirmationSchema,
	}),
	reply: recoveryCodesSchema,
});

export const switchOffOwnSecondFactor = endpoint({
	method: 'POST',
	path: '/api/account/second-factor/switch-off',
	summary: 'Switches one’s second factor off',
	admits: 'signed-in',
	body: z.object({
		password: typedSecret.min(1, 'Enter your password.'),
		code: typedSecret.min(1, 'Enter the code.'),
		confirm: confirmationSchema,
	}),
	reply: z.object({}),
});

/**
 * Sign-in at the provider of the host's organization: a page goes to `providerStartPath` with `next`, the provider
 * comes back to `providerCallbackPath`.
 */
export const providerStartPath = `${authBasePath}/oidc/start`;
export const providerCallbackPath = `${authBasePath}/oidc/callback`;

/** Why a sign-in at the provider came to nothing, as the sign-in page is told in its address (`refused`). */
export const providerRefusals = [
	'off',
	'unreachable',
	'refused',
	'over',
	'unverified',
	'unknown',
	'super_admin',
] as const;
export type ProviderRefusal = (typeof providerRefusals)[number];

const providerAdmits = ['super_admin', 'admin'] as const satisfies readonly Role[];

const issuerSchema = requiredLine('issuer', 500)
	.refine((text) => URL.canParse(text), 'Enter the issuer as an address that begins with https://.')
	.refine(
		(text) => !URL.canParse(text) || /^https?:$/.test(new URL(text).protocol),
		'Enter the issuer as an address that begins with https://.',
	)
	.refine((text) => !/[?#@]/.test(text), 'An issuer has no ?, # or @. Copy it from the provider.');

const domainSchema = z
	.string()
	.trim()
	.toLowerCase()
	.regex(
		/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
		'Enter domains as in example.com, without @.',
	);

export const providerSettingsSchema = z.object({
	/** What the button says after "Sign in with". */
	label: requiredLine('name', 60),
	issuer: issuerSchema,
	clientId: requiredLine('client ID', 300),
	/** E-mail domains that may come in; none: any. */
	domains: z.array(domainSchema).max(50, 'Use at most 50 domains.'),
	isEnabled: z.boolean(),
});
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;

/** The same as it is stored, without its secret. */
export const knownProviderSchema = providerSettingsSchema.extend({
	/** Another one whenever the client secret is replaced. */
	secretVersion: z.int(),
});
export type KnownProvider = z.infer<typeof knownProviderSchema>;

export const showSignInProvider = endpoint({
	method: 'GET',
	path: '/api/admin/sign-in',
	summary: 'Where the organization signs in besides here: its OpenID Connect provider',
	admits: providerAdmits,
	reply: z.object({
		/** To be registered at the provider. */
		redirectUri: z.string(),
		/** Null: there is none. */
		provider: knownProviderSchema.nullable(),
	}),
});

export const configureSignInProvider = endpoint({
	method: 'PUT',
	path: '/api/admin/sign-in',
	summary: 'Configures the organization’s OpenID Connect provider, after asking it',
	admits: providerAdmits,
	body: z.object({
		/** As it was when the editor read it; null: there was none. */
		before: knownProviderSchema.nullable(),
		after: providerSettingsSchema,
		/** Null: as it is. Another issuer or client ID needs its own. */
		clientSecret: z
			.string()
			.min(1, 'Enter the client secret.')
			.max(2_000, 'The client secret is too long.')
			.nullable(),
		confirm: confirmationSchema,
	}),
	reply: z.object({}),
});

export const removeSignInProvider = endpoint({
	method: 'POST',
	path: '/api/admin/sign-in/remove',
	summary: 'Removes the organization’s OpenID Connect provider; sessions that it vouched for end',
	admits: providerAdmits,
	body: z.object({ confirm: confirmationSchema }),
	reply: z.object({}),
});

export const checkSignInProvider = endpoint({
	method: 'POST',
	path: '/api/admin/sign-in/check',
	summary: 'Asks the organization’s OpenID Connect provider whether it answers',
	admits: providerAdmits,
	reply: z.object({
		isAnswering: z.boolean(),
		/** What is wrong; null when nothing is. */
		problem: z.string().nullable(),
	}),
});

/** How the members of an organization have to sign in. */
export const signInPolicySchema = z.object({
	/** Who signs in with a password and has no second factor has to set one up before anything else. */
	requiresSecondFactor: z.boolean(),
	/** False: members sign in with the organization's provider alone. Super Admins always may use a password. */
	allowsPassword: z.boolean(),
});
export type SignInPolicy = z.infer<typeof signInPolicySchema>;

export const showSignInPolicy = endpoint({
	method: 'GET',
	path: '/api/admin/sign-in/policy',
	summary: 'How the members of the organization have to sign in',
	admits: providerAdmits,
	reply: z.object({
		policy: signInPolicySchema,
		/** How the reader stands to it, who should know what becomes of their own session. */
		own: z.object({
			isByPassword: z.boolean(),
			hasSecondFactor: z.boolean(),
			isSuperAdmin: z.boolean(),
		}),
	}),
});

export const changeSignInPolicy = endpoint({
	method: 'PUT',
	path: '/api/admin/sign-in/policy',
	summary: 'Changes how the members of the organization have to sign in; holds for open sessions',
	admits: providerAdmits,
	body: z.object({
		before: signInPolicySchema,
		after: signInPolicySchema,
		confirm: confirmationSchema,
	}),
	reply: z.object({}),
});

/** Pages to which the links in mails lead; the token is the link's fragment, so it never reaches a log. */
export const resetPasswordPath = '/reset-password';
export const activatePath = '/activate';

/** What a link that came by mail is for. */
export const linkPurposes = ['activate', 'reset'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export const linkStates = ['valid', 'used', 'replaced', 'expired', 'unknown'] as const;
export type LinkState = (typeof linkStates)[number];

const resetAgain = 'Ask for a new one on the page “Forgot password”.';
const activateAgain = 'Ask your administrator to send it again.';

/** What to tell somebody whose link is in this state. */
export const linkStateSentences: Record<LinkPurpose, Record<LinkState, string>> = {
	reset: {
		valid: 'This link works.',
		used: `This link was used already. Sign in with the password you chose. Do you not remember it? ${resetAgain}`,
		replaced: `A newer mail has replaced this link. Use the link of the newest mail. Is there none? ${resetAgain}`,
		expired: `This link worked for one hour and has expired. ${resetAgain}`,
		unknown: `This link is not valid. See that it is complete, as in the mail. ${resetAgain}`,
	},
	activate: {
		valid: 'This link works.',
		used: 'This link was used already: your account is activated. Sign in with the password you chose.',
		replaced: `A newer mail has replaced this link. Use the newest mail, or sign in if you have chosen a password. Is there none? ${activateAgain}`,
		expired: `This link worked for seven days and has expired. ${activateAgain}`,
		unknown: `This link is not valid. See that it is complete, as in the mail. ${activateAgain}`,
	},
};

const linkToken = z.string().min(1).max(200);

export const requestPasswordReset = endpoint({
	method: 'POST',
	path: '/api/password/forgot',
	summary: 'Sends a link to reset the password, if there is an account; the answer does not tell',
	admits: 'everyone',
	body: z.object({ email: z.email('Enter an e-mail address.').max(254) }),
	reply: z.object({}),
});

export const checkAccountLink = endpoint({
	method: 'POST',
	path: '/api/password/link',
	summary: 'Whether a link that came by mail still works, and for whom',
	admits: 'everyone',
	body: z.object({ purpose: z.enum(linkPurposes), token: linkToken }),
	reply: z.object({
		state: z.enum(linkStates),
		/** Null unless it works. */
		account: z.object({ email: z.string(), organizationName: z.string() }).nullable(),
	}),
});

export const resetPassword = endpoint({
	method: 'POST',
	path: '/api/password/reset',
	summary: 'Sets a new password by the link of a mail; all sessions of the account end',
	admits: 'everyone',
	body: z.object({ token: linkToken, password: passwordSchema }),
	reply: z.object({ email: z.string() }),
});

export const activateAccount = endpoint({
	method: 'POST',
	path: '/api/account/activate',
	summary: 'Sets the first password of an account by the link of a mail, which activates it',
	admits: 'everyone',
	body: z.object({ token: linkToken, password: passwordSchema }),
	reply: z.object({ email: z.string() }),
});
