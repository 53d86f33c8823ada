import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import type { CommandKind, CommandsPage, TracedCommand } from '../contract.ts';
import { commandProgress } from './rules.ts';
import { readCommands, type StoredCommand, type Target } from './store.ts';

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

/** @throws `not_found` when there is no such device in scope */
export function found(target: Target | undefined): Target {
	if (target === undefined) throw fault('not_found', { thing: 'device' });
	return target;
}
