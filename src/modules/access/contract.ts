import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import { ownTilesSchema } from '#contract/own-tiles.ts';
import { misRoleSchema, roleSchema } from '#contract/roles.ts';

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
		organization: z.object({
			name: z.string(),
			timeZone: z.string(),
			country: z.string(),
			/** BCP 47 tag by which numbers are written, e.g. `en-IN`. */
			locale: z.string(),
		}),
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
	reply: z.object({
		name: z.string(),
		version: z.string(),
		needsSetup: z.boolean(),
	}),
});
