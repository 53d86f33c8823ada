import type { FastifyInstance } from 'fastify';
import { originOf } from '#modules/audit/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import { listCommands, requestCommand, showSettings } from '../contract.ts';
import { type ActionOptions, giveCommand } from './actions.ts';
import { readHeldSettings } from './settings-store.ts';
import { readTarget } from './store.ts';
import { findTrace, found, readTrace } from './trace.ts';

/** The endpoints of a device's commands. */
export function serveCommandRoutes(app: FastifyInstance, options: ActionOptions): void {
	const { database, clock, kinds } = options;

	serve(app, requestCommand, async ({ params, body, principal, request }) => {
		const { command } = await giveCommand(options, principal, originOf(request), {
			deviceId: params.deviceId,
			name: body.name,
			value: body.value,
		});
		return findTrace(database, kinds, principal.scope, params.deviceId, command.commandId, clock());
	});

	serve(app, listCommands, async ({ params, query, principal: { scope } }) => {
		const nowMs = clock();
		const { deviceNo } = found(await readTarget(database, scope, params.deviceId, nowMs));
		return (await readTrace(database, kinds, scope, deviceNo, query, nowMs)).page;
	});

	serve(app, showSettings, async ({ params, principal: { scope } }) => {
		const asOfMs = clock();
		const target = found(await readTarget(database, scope, params.deviceId, asOfMs));
		return { settings: await readHeldSettings(database, target), asOfMs };
	});
}
