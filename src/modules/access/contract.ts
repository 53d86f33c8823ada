import { z } from 'zod';
import { brandSchema } from '#contract/brand.ts';
import { endpoint } from '#contract/endpoint.ts';
import { ownTilesSchema } from '#contract/own-tiles.ts';
import { passwordSchema } from '#contract/password.ts';
import { misRoleSchema, roleSchema } from '#contract/roles.ts';
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
	}),
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
