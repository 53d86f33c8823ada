import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actorOf } from '#modules/audit/server/index.ts';
import type { Commands } from '#modules/commands/server/index.ts';
import { idempotencyKeyOf, replayedHeader } from '#platform/http/idempotency-key.ts';
import { serve } from '#platform/http/serve.ts';
import {
	listPublicCommands,
	publicApiPath,
	sendPublicCommand,
	showPublicCommand,
} from '../contract.ts';
import { nextLink, readCursor, writeCursor } from './cursor.ts';
import { repeatGuard } from './idempotency.ts';
import { publicCommand } from './words.ts';

const commandPlace = z.object({ before: z.string().max(64) });

/** What programs tell devices, and what came of it. */
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

	serve(app, sendPublicCommand, async (call) => {
		const { params, body, principal, request, reply } = call;
		const { device_id } = params;
		const key = idempotencyKeyOf(request);
		const content = [device_id, body.command, body.value ?? null];
		const guard =
			key === null || principal.credential.kind !== 'token'
				? null
				: repeatGuard({ tokenNo: principal.credential.tokenNo, key, content });
		const wanted = { deviceId: device_id, name: body.command, value: body.value };
		const { command, isRepeat } = await commands.give(actorOf(call), wanted, guard);
		if (isRepeat) reply.header(replayedHeader, 'true');
		reply.header('location', commandPath(device_id, command.commandId));
		return publicCommand(device_id, command);
	});

	serve(app, showPublicCommand, async ({ params, principal }) => {
		const { device_id, command_id } = params;
		return publicCommand(device_id, await commands.find(principal.scope, device_id, command_id));
	});
}

function commandPath(deviceId: string, commandId: string): string {
	return `${publicApiPath}/devices/${encodeURIComponent(deviceId)}/commands/${commandId}`;
}
