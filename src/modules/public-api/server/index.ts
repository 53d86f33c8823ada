import type { FastifyInstance } from 'fastify';
import type { Commands } from '#modules/commands/server/index.ts';
import type { FleetWalkOptions } from '#modules/fleet/server/index.ts';
import { servePublicCommands } from './command-routes.ts';
import { servePublicDocument } from './document.ts';
import { servePublicFleet } from './fleet-routes.ts';
import { servePublicTelemetry } from './telemetry-routes.ts';

export { removeOldReplies } from './idempotency.ts';

export interface PublicApiOptions extends FleetWalkOptions {
	readonly commands: Commands;
}

/** Serves the REST API for programs, with its description. */
export async function servePublicApi(
	app: FastifyInstance,
	options: PublicApiOptions,
): Promise<void> {
	servePublicFleet(app, options);
	servePublicTelemetry(app, options);
	servePublicCommands(app, options.commands);
	await servePublicDocument(app);
}
