import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import type { OwnTiles } from '#contract/own-tiles.ts';
import type { Principal } from '#contract/principal.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { isHttps } from '#platform/http/security-headers.ts';
import type { Log } from '#platform/log.ts';
import { serveAccount } from './account/routes.ts';
import { removePastLinks } from './account-link.ts';
import { type Invitation, sendActivation } from './activation.ts';
import { createAuth, defaultSignInLimits, type SignInLimits } from './auth.ts';
import { serveAuth } from './auth-routes.ts';
import { createIdentification } from './identify.ts';
import { defaultLinkLimits, type LinkLimits, removePastAttempts } from './link-attempts.ts';
import { servePasswords } from './password-routes.ts';
import { passwordRefusalOf } from './policy/password-door.ts';
import { servePolicy } from './policy/routes.ts';
import { createProviderClients } from './provider/discovery.ts';
import { serveProvider } from './provider/routes.ts';
import { ResetRequests } from './reset-requests.ts';
import { serveAccess } from './routes.ts';
import { createSecondStep } from './second-factor/second-step.ts';
import { hasSecondFactor } from './second-factor/store.ts';
import { readAuthSecret } from './secret.ts';
import { removeEnded } from './store.ts';
import { createVault } from './vault.ts';

export { deleteAccount, findOrCreateAccount, type NewAccount } from './account.ts';
export { linkSeconds } from './account-link.ts';
export type { Invitation } from './activation.ts';
export type { SignInLimits } from './auth.ts';
export type { LinkLimits } from './link-attempts.ts';
export { checkPassword, type PasswordContext } from './password-rules.ts';
export { resetSecondFactor } from './second-factor/store.ts';
export { noteMailRead, secureWidenedAccount } from './shared-password.ts';
export { countSessions, endSessions, type MemberRow, readMember } from './store.ts';

export interface AccessOptions {
	readonly pool: pg.Pool;
	readonly database: Database;
	/** Folder that keeps the secret of the session cookies. */
	readonly dataDir: string;
	readonly publicUrl: string | null;
	/** Hosts of sign-in providers that may be asked although they are in a private network. */
	readonly providerHosts: readonly string[];
	readonly version: string;
	/** Tiles of the installation for the basemap, which a session tells the pages; null: the built-in one. */
	readonly ownTiles: OwnTiles | null;
	readonly clock: Clock;
	readonly log: Log;
	readonly needsSetup: () => Promise<boolean>;
	/** Hears whose role, scope or sessions changed. */
	readonly onChanged: (userId: string) => void;
	readonly signInLimits?: SignInLimits;
	readonly linkLimits?: LinkLimits;
}

export interface Access {
	/**
	 * Who sends a request with these headers to this host; null for somebody who is not signed in.
	 * @throws `no_membership` for a user without access to the host's organization
	 */
	identify(headers: IncomingHttpHeaders, host: string): Promise<Principal | null>;
	/**
	 * To be called after the commit of whatever changed what a user may see or do, or ended a session: it holds from the
	 * next request on, and for open live connections at once.
	 */
	changed(userId: string): void;
	/**
	 * Tells somebody by mail that they were given access, with a link to activate the account where that is still to be
	 * done. Part of the transaction that gives it; a link sent before ends.
	 */
	sendActivation(transaction: Database, invitation: Invitation): Promise<void>;
	/** Removes what sign-ins leave behind; to be called now and then. */
	maintain(): Promise<void>;
	/** Serves sign-in, sign-out, session, portal and what gives somebody a password. */
	serve(app: FastifyInstance): void;
	/** Waits for what requests have left to be done. */
	stop(): Promise<void>;
}

export async function createAccess(options: AccessOptions): Promise<Access> {
	const { pool, database, publicUrl, log, version, ownTiles, needsSetup } = options;
	const limits = options.signInLimits ?? defaultSignInLimits;
	const secret = await readAuthSecret(options.dataDir);
	const auth = createAuth({
		pool,
		secret,
		publicUrl,
		limits,
		takesPassword: async (userId, hostName) =>
			(await passwordRefusalOf(database, userId, hostName)) === null,
		needsSecondStep: (userId) => hasSecondFactor(database, userId),
		log,
	});
	const vault = createVault(secret);
	const factor = { database, vault, clock: options.clock };
	const hasTls = isHttps(publicUrl);
	const secondStep = createSecondStep({ ...factor, hasTls });
	const rules = { allowsLoopback: !hasTls, trustedHosts: options.providerHosts };
	const clients = createProviderClients({ ...factor, rules });
	const triesPerAccount = limits.perAccount;
	const identification = await createIdentification(auth, database, options.clock);
	let ownPort = (): number | null => null;
	const linkBase = () => ({ publicUrl, ownPort: ownPort() });
	const resetRequests = new ResetRequests({ database, log, linkBase });
	const changed = (userId: string): void => {
		identification.forgetAll();
		options.onChanged(userId);
	};
	return {
		identify: identification.identify,
		changed,
		sendActivation: (transaction, invitation) =>
			sendActivation(transaction, invitation, linkBase()),
		async maintain() {
			await removeEnded(database);
			await removePastLinks(database);
			await removePastAttempts(database);
		},
		stop: () => resetRequests.settled(),
		serve(app) {
			ownPort = () => {
				const address = app.server.address();
				return typeof address === 'object' ? (address?.port ?? null) : null;
			};
			servePasswords(app, {
				database,
				resetRequests,
				limits: options.linkLimits ?? defaultLinkLimits,
				changed,
			});
			serveAuth(app, { auth, database, identification, secondStep, triesPerAccount });
			serveAccount(app, { ...factor, triesPerAccount, changed });
			serveProvider(app, { ...factor, auth, identification, clients, hasTls, changed });
			servePolicy(app, { ...factor, clients, changed });
			serveAccess(app, { auth, database, version, ownTiles, needsSetup });
		},
	};
}
