import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '#contract/principal.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import { changeSettings } from '#modules/commands/contract.ts';
import type { Commands, Wanted } from '#modules/commands/server/index.ts';
import { idempotencyKeyOf, replayedHeader } from '#platform/http/idempotency-key.ts';
import { serve } from '#platform/http/serve.ts';
import {
	changePublicSettings,
	listPublicCommands,
	type PublicCommand,
	publicApiPath,
	sendPublicCommand,
	showPublicCommand,
	showPublicSettings,
} from '../contract.ts';
import { nextLink, readCursor, writeCursor } from './cursor.ts';
import { repeatGuard } from './idempotency.ts';
import { publicCommand, publicSettings } from './words.ts';

const commandPlace = z.object({ before: z.string().max(64) });

/** What programs tell devices, what came of it, and the settings that devices have. */
export function servePublicCommands(app: FastifyInstance, commands: Commands): void {
	serve(app, listPublicCommands, async ({ params, query, principal, request, reply }) => {
		const { device_id } = params;
		const place = readCursor(commandPlace, query.cursor);
		const page = await commands.readBefore(principal.scope, device_id, {
			beforeId: place?.before ?? null,
			limit: query.limit,
		});
		const last = page.commands.at(-1);
		const next =
			page.hasMore && last !== undefined ? writeCursor({ before: last.commandId }) : null;
		if (next !== null) reply.header('link', nextLink(request.url, next));
		return { commands: page.commands.map((each) => publicCommand(device_id, each)), next };
	});

	serve(app, sendPublicCommand, (call) => {
		const { device_id } = call.params;
		const { command, value } = call.body;
		return give(commands, call, { deviceId: device_id, name: command, value });
	});

	serve(app, changePublicSettings, (call) => {
		const { device_id } = call.params;
		const { settings } = call.body;
		return give(commands, call, {
			deviceId: device_id,
			name: changeSettings.name,
			value: settings,
			valuePath: 'body.settings',
		});
	});

	serve(app, showPublicSettings, async ({ params, principal }) => {
		const { device_id } = params;
		const { family, settings } = await commands.readSettings(principal.scope, device_id);
		return { device_id, family, settings: publicSettings(family, settings) };
	});

	serve(app, showPublicCommand, async ({ params, principal }) => {
		const { device_id, command_id } = params;
		return publicCommand(device_id, await commands.find(principal.scope, device_id, command_id));
	});
}

/** Gives a command for a program, once for each idempotency key, and says where it is to be found. */
async function give(
	commands: Commands,
	call: {
		readonly principal: Principal;
		readonly request: FastifyRequest;
		readonly reply: FastifyReply;
	},
	wanted: Wanted,
): Promise<PublicCommand> {
	const { principal, request, reply } = call;
	const key = idempotencyKeyOf(request);
	const content = [wanted.deviceId, wanted.name, wanted.value ?? null];
	const guard =
		key === null || principal.credential.kind !== 'token'
			? null
			: repeatGuard({ tokenNo: principal.credential.tokenNo, key, content });
	const { command, isRepeat } = await commands.give(actorOf(call), wanted, guard);
	if (isRepeat) reply.header(replayedHeader, 'true');
	reply.header('location', commandPath(wanted.deviceId, command.commandId));
	return publicCommand(wanted.deviceId, command);
}

function commandPath(deviceId: string, commandId: string): string {
	return `${publicApiPath}/devices/${encodeURIComponent(deviceId)}/commands/${commandId}`;
}
