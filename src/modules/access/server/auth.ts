import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import type pg from 'pg';
import { maxPasswordLength, minPasswordLength } from '#contract/password.ts';
import { isUnavailable } from '#platform/database/connect.ts';
import { isHttps } from '#platform/http/security-headers.ts';
import { sessionCookieName } from '#platform/http/session-cookie.ts';
import type { Log } from '#platform/log.ts';
import { authBasePath } from '../contract.ts';
import { sessionOpening } from './open-session.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';

/** Header in which the client's address, as this server sees it, is handed to better-auth. */
export const clientAddressHeader = 'x-client-address';

const daySeconds = 24 * 3600;
/** better-auth's own path of a sign-in by password. */
const passwordPath = '/sign-in/email';
/** Its answer to the right password of an account that has a second factor; no session was opened. */
export const secondStepCode = 'SECOND_STEP';
/** Its answer to the right password of an account that may not come in by it; no session was opened. */
export const passwordOffCode = 'PASSWORD_OFF';

/** A session that nobody uses ends after this time. */
export const sessionSeconds = 7 * daySeconds;
/** Whatever its use, a session ends after this time (NIST SP 800-63B-4, 2.1.3: at most 30 days). */
export const longestSessionSeconds = 30 * daySeconds;

export interface SignInLimits {
	/** Tries that one address has in a minute, for whatever accounts. */
	readonly perAddress: number;
	/** Failed tries that one account has in a minute, from whatever addresses. */
	readonly perAccount: number;
}

/**
 * Several people sign in behind one address, so that it may try more often than one account may be tried (OWASP
 * Authentication Cheat Sheet, "Account Lockout": count by account, not by source alone, and let time unlock it).
 */
export const defaultSignInLimits: SignInLimits = { perAddress: 30, perAccount: 5 };

export interface AuthOptions {
	readonly pool: pg.Pool;
	readonly secret: string;
	readonly publicUrl: string | null;
	readonly limits: SignInLimits;
	/** Whether a password opens anything for this user at a host. */
	readonly takesPassword: (userId: string, hostName: string) => Promise<boolean>;
	/** Whether the right password of this user is only the first step. */
	readonly needsSecondStep: (userId: string) => Promise<boolean>;
	readonly log: Log;
}

export type Auth = ReturnType<typeof createAuth>;

/** Sign-in with e-mail and password over our own tables; users are made by our actions, never over its routes. */
export function createAuth(options: AuthOptions) {
	const { pool, secret, publicUrl, limits, takesPassword, needsSecondStep, log } = options;
	const hasTls = isHttps(publicUrl);
	return betterAuth({
		appName: 'portal',
		// Every host name of the installation works: the origin of each request is trusted for that request alone, and
		// no link is ever made from this address.
		baseURL: publicUrl ?? 'http://portal.invalid',
		basePath: authBasePath,
		trustedOrigins: (request) => (request === undefined ? [] : [new URL(request.url).origin]),
		secret,
		database: pool,
		user: { modelName: 'auth_user' },
		session: {
			modelName: 'auth_session',
			expiresIn: sessionSeconds,
			updateAge: daySeconds,
			additionalFields: { organizationNo: { type: 'number', required: false, input: false } },
		},
		databaseHooks: {
			session: {
				create: {
					async before({ userId }, context) {
						if (context?.path !== passwordPath) return;
						const asked = context.request?.url;
						const hostName = asked === undefined ? '' : new URL(asked).hostname;
						if (!(await takesPassword(userId, hostName)))
							throw new APIError('FORBIDDEN', { code: passwordOffCode });
						if (await needsSecondStep(userId))
							throw new APIError('FORBIDDEN', { code: secondStepCode });
					},
				},
			},
		},
		plugins: [sessionOpening],
		account: { modelName: 'auth_account' },
		verification: { modelName: 'auth_verification' },
		emailAndPassword: {
			enabled: true,
			disableSignUp: true,
			minPasswordLength,
			maxPasswordLength,
			password: { hash: hashPassword, verify: verifyPassword },
		},
		rateLimit: {
			enabled: true,
			storage: 'database',
			modelName: 'auth_rate_limit',
			window: 60,
			max: 100,
			customRules: { [passwordPath]: { window: 60, max: limits.perAddress } },
		},
		advanced: {
			cookiePrefix: hasTls ? '__Host-portal' : 'portal',
			cookies: { session_token: { name: sessionCookieName(hasTls) } },
			// Its own prefix for secure cookies is the weaker `__Secure-`.
			useSecureCookies: false,
			defaultCookieAttributes: { secure: hasTls },
			// Stated, because better-auth would switch them off under test runners.
			disableOriginCheck: false,
			disableCSRFCheck: false,
			ipAddress: { ipAddressHeaders: [clientAddressHeader] },
		},
		telemetry: { enabled: false },
		// Whoever asked hears of a failure in the words of every other endpoint.
		onAPIError: { throw: true },
		logger: {
			level: 'warn',
			log: (level, message, ...details: unknown[]) => {
				const cause = details.find((detail) => detail instanceof Error);
				// That the database is away is told to whoever asked, and is no failure of the sign-in.
				log[isUnavailable(cause) ? 'warn' : level](
					{ ...(cause && { err: cause }) },
					`sign-in: ${message}`,
				);
			},
		},
	});
}
