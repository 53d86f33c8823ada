import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import type { CommandKind, CommandsPage, TracedCommand } from '../contract.ts';
import { commandProgress } from './rules.ts';
import {
	readCommand,
	readCommands,
	readCommandsBefore,
	readTarget,
	type StoredCommand,
	type Target,
} from './store.ts';

/** A command as people see it at an instant. */
export function traced(
	command: StoredCommand,
	kinds: ReadonlyMap<string, CommandKind>,
	nowMs: number,
): TracedCommand {
	const { answers, ...rest } = command;
	// A kind that is gone since keeps the name it was given by.
	const label = kinds.get(command.name)?.label ?? command.name;
	return { ...rest, label, ...commandProgress(command, answers, nowMs) };
}

/** One page of a device's commands as people see it. */
export async function readTrace(
	database: Database,
	kinds: ReadonlyMap<string, CommandKind>,
	scope: Scope,
	deviceNo: number,
	page: { readonly page: number; readonly pageSize: number },
	nowMs: number,
): Promise<{ readonly page: CommandsPage; readonly stored: readonly StoredCommand[] }> {
	const { commands, total } = await readCommands(database, scope, deviceNo, page);
	return {
		page: {
			commands: commands.map((command) => traced(command, kinds, nowMs)),
			total,
			asOfMs: nowMs,
		},
		stored: commands,
	};
}

/** One command to a device that the reader may see. @throws `not_found` */
export async function findTrace(
	database: Database,
	kinds: ReadonlyMap<string, CommandKind>,
	scope: Scope,
	deviceId: string,
	commandId: string,
	nowMs: number,
): Promise<TracedCommand> {
	const { deviceNo } = found(await readTarget(database, scope, deviceId, nowMs));
	const command = await readCommand(database, scope, deviceNo, commandId);
	if (command === undefined) throw fault('not_found', { thing: 'command' });
	return traced(command, kinds, nowMs);
}

/** Commands to a device that the reader may see, newest first, from the one before `beforeId` on. @throws `not_found` */
export async function readTraceBefore(
	database: Database,
	kinds: ReadonlyMap<string, CommandKind>,
	scope: Scope,
	deviceId: string,
	{ beforeId, limit }: { readonly beforeId: string | null; readonly limit: number },
	nowMs: number,
): Promise<{ readonly commands: TracedCommand[]; readonly hasMore: boolean }> {
	const { deviceNo } = found(await readTarget(database, scope, deviceId, nowMs));
	const stored = await readCommandsBefore(database, scope, deviceNo, beforeId, limit + 1);
	return {
		commands: stored.slice(0, limit).map((command) => traced(command, kinds, nowMs)),
		hasMore: stored.length > limit,
	};
}

/** @throws `not_found` when there is no such device in scope */
export function found(target: Target | undefined): Target {
	if (target === undefined) throw fault('not_found', { thing: 'device' });
	return target;
}
