import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { createTokenIdentification, type TokenUse } from './identify.ts';
import { serveTokenRoutes } from './routes.ts';

export { readTokenExpiry } from './token-store.ts';

export interface TokensOptions {
	readonly pool: pg.Pool;
	readonly database: Database;
	readonly clock: Clock;
}

/** Tokens by which programs act for members. */
export interface Tokens {
	/** For whom a written token acts. @throws `token_invalid` */
	identify(written: string, use: TokenUse): Promise<Principal>;
	/** Makes the next request of every token ask the database, since somebody may see or do something else now. */
	forgetAll(): void;
	/** Serves the endpoints of their page. */
	serve(app: FastifyInstance): void;
}

export function createTokens(options: TokensOptions): Tokens {
	const identification = createTokenIdentification(options.database, options.clock);
	return {
		async identify(written, use) {
			const principal = await identification.identify(written, use);
			if (principal === null) throw fault('token_invalid');
			return principal;
		},
		forgetAll: identification.forgetAll,
		serve: (app) => serveTokenRoutes(app, { ...options, forgetAll: identification.forgetAll }),
	};
}
