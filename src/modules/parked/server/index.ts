import type { FastifyInstance } from 'fastify';
import { Replays, type ReplaysOptions } from './replays.ts';
import { serveParkedRoutes } from './routes.ts';

export { countParkedOf } from './store.ts';

export interface ParkedMessages {
	serve(app: FastifyInstance): void;
	/** Ends a running replay at its next message. */
	stop(): void;
}

/** What could not be read or stored: looked at, replayed, discarded. */
export function createParked(options: ReplaysOptions): ParkedMessages {
	const replays = new Replays(options);
	return {
		serve: (app) => serveParkedRoutes(app, options.database, replays),
		stop: () => replays.stop(),
	};
}
