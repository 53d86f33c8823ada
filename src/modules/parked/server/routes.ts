import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import { originOf } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import {
	discardParked,
	downloadParked,
	listParked,
	listParkedFilters,
	replayParked,
	showParked,
	showReplay,
} from '../contract.ts';
import { discard, startReplay } from './actions.ts';
import type { Replays } from './replays.ts';
import { readParked, readParkedBody, readParkedFilters, readParkedPage } from './store.ts';

/** The endpoints of parked messages. */
export function serveParkedRoutes(
	app: FastifyInstance,
	database: Database,
	replays: Replays,
): void {
	serve(app, listParked, ({ query, principal: { scope } }) =>
		readParkedPage(database, scope, query),
	);

	serve(app, listParkedFilters, ({ query, principal: { scope } }) =>
		readParkedFilters(database, scope, query.device),
	);

	serve(app, showReplay, ({ principal: { scope } }) => ({
		replay: replays.progress(scope),
	}));

	serve(app, showParked, async ({ params, principal: { scope } }) => {
		const parked = await readParked(database, scope, params.parkedNo);
		if (parked === undefined) throw fault('not_found', { thing: 'parked message' });
		return { ...parked, body: parked.body.toString('base64') };
	});

	serve(app, downloadParked, async ({ params, principal: { scope }, reply }) => {
		const body = await readParkedBody(database, scope, params.parkedNo);
		if (body === undefined) throw fault('not_found', { thing: 'parked message' });
		reply.header('content-disposition', `attachment; filename="message-${params.parkedNo}.bin"`);
		return new Uint8Array(body);
	});

	serve(app, replayParked, ({ body, principal, request }) =>
		startReplay(database, replays, principal, originOf(request), body.selection),
	);

	serve(app, discardParked, async ({ body, principal, request }) => ({
		discarded: await discard(database, principal, originOf(request), body.selection),
	}));
}
