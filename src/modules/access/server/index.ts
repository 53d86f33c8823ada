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
import { createAuth, defaultSignInLimits, type SignInLimits } from './auth.ts';
import { serveAuth } from './auth-routes.ts';
import { createIdentification } from './identify.ts';
import { createProviderClients } from './provider/discovery.ts';
import { serveProvider } from './provider/routes.ts';
import { serveAccess } from './routes.ts';
import { createSecondStep } from './second-factor/second-step.ts';
import { hasSecondFactor } from './second-factor/store.ts';
import { readAuthSecret } from './secret.ts';
import { removeEnded } from './store.ts';
import { createVault } from './vault.ts';

export type { SignInLimits } from './auth.ts';
export { createMember, type NewMember } from './member.ts';
export { resetSecondFactor } from './second-factor/store.ts';

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
	/** Removes what sign-ins leave behind; to be called now and then. */
	maintain(): Promise<void>;
	/** Serves sign-in, sign-out, session and portal. */
	serve(app: FastifyInstance): void;
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
	function changed(userId: string): void {
		identification.forgetAll();
		options.onChanged(userId);
	}
	return {
		identify: identification.identify,
		changed,
		maintain: () => removeEnded(database),
		serve(app) {
			serveAuth(app, { auth, database, identification, secondStep, triesPerAccount });
			serveAccount(app, { ...factor, triesPerAccount, changed });
			serveProvider(app, { ...factor, auth, identification, clients, hasTls, changed });
			serveAccess(app, { auth, database, version, ownTiles, needsSetup });
		},
	};
}
